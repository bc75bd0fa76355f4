using System.CommandLine;
using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Ticketing.ServiceDefaults;

/// <summary>
/// A service's command line. Without a command the program serves. With one it is built with the same settings, but neither
/// listens nor starts anything in the background: it does what the command says and ends. Everything else on the command line
/// is configuration, as ASP.NET Core reads it: <c>--Key=Value</c> or <c>--Key Value</c>.
/// </summary>
public sealed class ServiceCommand
{
    private readonly RootCommand root;
    private readonly Func<string[], WebApplication> build;

    private readonly Argument<string[]> settings = new("settings")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Settings that override those of the environment: --Key=Value",
    };

    /// <param name="description">What the service is for.</param>
    /// <param name="build">Builds it, but does not start it; is given the part of the command line that is configuration.</param>
    public ServiceCommand(string description, Func<string[], WebApplication> build)
    {
        this.build = build;
        settings.Validators.Add(result =>
        {
            foreach (var token in Unknown([.. result.Tokens.Select(token => token.Value)]))
                result.AddError($"'{token}' is no command, and no setting, which is written --Key=Value.");
        });
        root = new RootCommand(description) { settings };
        root.SetAction(ServeAsync);
    }

    /// <summary>Adds a command.</summary>
    /// <param name="command">Its name, description and options.</param>
    /// <param name="run">Does it with the service, which is built but not started; gives the exit code.</param>
    /// <param name="buildForCommand">Builds the service where the command needs less of it.</param>
    public ServiceCommand With(
        Command command, Func<WebApplication, ParseResult, CancellationToken, Task<int>> run, Func<string[], WebApplication>? buildForCommand = null)
    {
        command.Add(settings);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var app = (buildForCommand ?? build)(SettingsOf(parsed));
            try
            {
                return await run(app, parsed, cancellationToken);
            }
            catch (Exception exception) when (exception is DbException || TransientFailure.Is(exception))
            {
                await Console.Error.WriteLineAsync($"{command.Name} could not be done: {exception.Message}");
                return 1;
            }
        });
        root.Add(command);
        return this;
    }

    /// <summary>Serves, or does what the command line says.</summary>
    /// <returns>The exit code: 1 if the command line or a setting is wrong, or the command failed.</returns>
    public async Task<int> RunAsync(string[] args)
    {
        try
        {
            // The host itself answers signals, and no value is a file of arguments because it begins with @.
            return await root.Parse(args, new() { ResponseFileTokenReplacer = null })
                .InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception exception) when (WrongSettings.Describe(exception) is { } lines)
        {
            await Console.Error.WriteLineAsync(
                $"Not started, since settings are wrong:{Environment.NewLine}  {string.Join($"{Environment.NewLine}  ", lines)}");
            return 1;
        }
    }

    private async Task<int> ServeAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var app = build(SettingsOf(parsed));
        // The host does the same, but logs each failure with where in the program it was found.
        app.Services.GetService<IStartupValidator>()?.Validate();
        await app.RunAsync(cancellationToken);
        return Environment.ExitCode;
    }

    private string[] SettingsOf(ParseResult parsed) => parsed.GetValue(settings) ?? [];

    /// <summary>What configuration would silently overlook: a word that is neither a pair nor half of one.</summary>
    private static IEnumerable<string> Unknown(string[] tokens)
    {
        for (var index = 0; index < tokens.Length; index++)
        {
            if (tokens[index].Contains('=', StringComparison.Ordinal))
                continue;
            if (tokens[index].StartsWith("--", StringComparison.Ordinal) && index + 1 < tokens.Length && !tokens[index + 1].StartsWith('-'))
                index++;
            else
                yield return tokens[index];
        }
    }
}
