using Ticketing.Reliability.Fuzzing;

namespace Ticketing.Reliability;

/// <summary>What this program can do, by the first argument.</summary>
internal static class Commands
{
    private static readonly Dictionary<string, (string Help, Func<Options, CancellationToken, Task<int>> Run)> All =
        new()
        {
            ["check"] = (CheckCommand.Help, CheckCommand.RunAsync),
            ["workload"] = (WorkloadCommand.Help, WorkloadCommand.RunAsync),
            ["faults"] = (FaultsCommand.Help, FaultsCommand.RunAsync),
            ["soak"] = (SoakCommand.Help, SoakCommand.RunAsync),
            ["fuzz"] = (FuzzCommand.Help, FuzzCommand.RunAsync),
        };

    /// <returns>0 when what was tried holds, 1 when it does not, 2 when the command was not understood.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length == 0 || !All.TryGetValue(args[0], out var command))
        {
            await Console.Error.WriteLineAsync("Usage: dotnet run --project Ticketing.Reliability -- COMMAND [--option value]");
            foreach (var (name, (help, _)) in All)
                await Console.Error.WriteLineAsync($"  {name,-8} {help}");
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
