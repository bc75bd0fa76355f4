using System.CommandLine;

namespace Ticketing.Reliability;

/// <summary>What the command lines of this repository's tools have in common.</summary>
internal static class ToolCommands
{
    /// <summary>How long a command that is interrupted may take to stop what it started.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromMinutes(1);

    /// <summary>An option that is a whole number.</summary>
    public static Option<int> Number(string name, int otherwise, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => otherwise };

    /// <summary>Gives the command what it does, and what says the exit code.</summary>
    public static Command Runs(this Command command, Func<ParseResult, CancellationToken, Task<int>> run)
    {
        command.SetAction(run);
        return command;
    }

    /// <summary>Gives the command what it does; the exit code is 0 if it comes to its end.</summary>
    public static Command Runs(this Command command, Func<ParseResult, CancellationToken, Task> run)
    {
        command.SetAction(run);
        return command;
    }

    /// <returns>The command's exit code; 1 if it is not understood.</returns>
    public static Task<int> RunAsync(this RootCommand root, string[] args) =>
        root.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = StopPatience });
}
