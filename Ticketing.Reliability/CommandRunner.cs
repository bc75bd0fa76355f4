namespace Ticketing.Reliability;

/// <summary>What a command does; gives the program's exit code.</summary>
internal delegate Task<int> Command(Options options, CancellationToken cancellationToken);

/// <summary>A program that is told by its first argument what to do: <c>COMMAND [--option value]</c>.</summary>
internal static class CommandRunner
{
    /// <param name="program">How it is started, for who did not know.</param>
    /// <param name="args">The command line.</param>
    /// <param name="commands">What it can do, by name.</param>
    /// <returns>The command's exit code; 2 when the command was not understood.</returns>
    public static async Task<int> RunAsync(
        string program, string[] args, IReadOnlyDictionary<string, (string Help, Command Run)> commands)
    {
        if (args.Length == 0 || !commands.TryGetValue(args[0], out var command))
        {
            await Console.Error.WriteLineAsync($"Usage: {program} -- COMMAND [--option value]");
            var width = commands.Keys.Max(name => name.Length);
            foreach (var (name, (help, _)) in commands)
                await Console.Error.WriteLineAsync($"  {name.PadRight(width)} {help}");
            return 2;
        }
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = true;
            stop.Cancel();
        };
        return await command.Run(Options.Parse(args[1..]), stop.Token);
    }
}
