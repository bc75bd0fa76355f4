using System.Collections.Concurrent;
using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shouldly;
using Ticketing.AppHost.Supervision;
using Ticketing.AppHost.Watch;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.AppHost;

[Collection(typeof(WholePlatforms))]
public sealed class SourceWatchTests : IDisposable
{
    private static readonly TimeSpan ForABuild = TimeSpan.FromMinutes(6);

    private readonly string sources = Directory.CreateTempSubdirectory("ticketing-watch-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(sources, recursive: true);

    [Fact]
    public async Task Only_what_has_changed_is_built_and_started_again_and_what_cannot_be_built_leaves_all_as_it_was()
    {
        var shared = await ProjectAsync("Shared", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""", Words("one"));
        var hello = await ServiceAsync("Hello", """<ItemGroup><ProjectReference Include="..\Shared\Shared.csproj" /></ItemGroup>""", "Words.Text");
        var other = await ServiceAsync("Other", "", "\"other\"");
        var builder = AppHostBuilder.Create("--Parameters:watch=on");
        builder.Services.AddLogging(logging => logging.ClearProviders());
        foreach (var project in (string[])[hello, other])
            builder.AddProject(NameOf(project), project, launchProfileName: null).StartedDirectly().RestartsWhenItDies().WithHttpEndpoint();
        SourceWatch.Add(builder);
        await using var application = builder.Build();
        await application.StartAsync(Cancellation);
        var said = new ConcurrentQueue<string>();
        var listening = ListenAsync(application, "hello", said);
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        await Eventually.HoldsAsync(async () => await SaysAsync(application, client, hello) == "one" && await SaysAsync(application, client, other) == "other", "both answer", ForABuild);
        var untouched = ProcessOf(application, other);

        // What it refers to is its source too.
        await File.WriteAllTextAsync(shared, Words("two"), Cancellation);
        await Eventually.HoldsAsync(async () => await SaysAsync(application, client, hello) == "two", "the change is there", ForABuild);

        var good = ProcessOf(application, hello);
        await File.WriteAllTextAsync(shared, "what is this?", Cancellation);
        await Eventually.HoldsAsync(() => Task.FromResult(Said("Not built") && Said("error CS")), "the error is shown", ForABuild);
        (await SaysAsync(application, client, hello)).ShouldBe("two");
        (ProcessOf(application, hello), ProcessOf(application, other)).ShouldBe((good, untouched));

        await File.WriteAllTextAsync(shared, Words("three"), Cancellation);
        await Eventually.HoldsAsync(async () => await SaysAsync(application, client, hello) == "three", "it is mended", ForABuild);
        ProcessOf(application, other).ShouldBe(untouched);

        await application.StopAsync(Cancellation);
        await listening.WaitAsync(ForABuild, Cancellation);

        bool Said(string words) => said.Any(line => line.Contains(words, StringComparison.Ordinal));
    }

    private static async Task ListenAsync(DistributedApplication application, string resource, ConcurrentQueue<string> said)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(
            Cancellation, application.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        var watched = application.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(one => one.Name == resource);
        try
        {
            await foreach (var lines in application.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(watched).WithCancellation(stopping.Token))
            {
                foreach (var line in lines)
                    said.Enqueue(line.Content);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The application stops.
        }
    }

    private static string Words(string text) => $"public static class Words {{ public const string Text = \"{text}\"; }}";

    private static string NameOf(string project) => Path.GetFileNameWithoutExtension(project).ToLowerInvariant();

    private static int? ProcessOf(DistributedApplication application, string project) =>
        application.ResourceNotifications.TryGetCurrentState(NameOf(project), out var current)
            ? current.Snapshot.ProcessId()
            : null;

    private static async Task<string?> SaysAsync(DistributedApplication application, HttpClient client, string project)
    {
        try
        {
            return await client.GetStringAsync(application.GetEndpoint(NameOf(project), "http"), Cancellation);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    private async Task<string> ServiceAsync(string name, string references, string text)
    {
        await ProjectAsync(
            name, $"""<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>{references}</Project>""",
            $"var app = WebApplication.Create(args); app.MapGet(\"/\", () => {text}); app.Run();");
        var project = Path.Combine(sources, name, $"{name}.csproj");
        using var build = Process.Start(new ProcessStartInfo("dotnet", ["build", project, "-c", "Release", "-v", "q", "--nologo"]) { RedirectStandardOutput = true })!;
        var output = await build.StandardOutput.ReadToEndAsync(Cancellation);
        await build.WaitForExitAsync(Cancellation);
        build.ExitCode.ShouldBe(0, output);
        return project;
    }

    private async Task<string> ProjectAsync(string name, string project, string source)
    {
        var directory = Directory.CreateDirectory(Path.Combine(sources, name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, $"{name}.csproj"), project, Cancellation);
        var file = Path.Combine(directory, $"{name}.cs");
        await File.WriteAllTextAsync(file, source, Cancellation);
        return file;
    }
}
