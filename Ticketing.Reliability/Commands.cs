using Ticketing.Reliability.Fuzzing;

namespace Ticketing.Reliability;

/// <summary>What this program can do, by the first argument.</summary>
internal static class Commands
{
    private static readonly Dictionary<string, (string Help, Command Run)> All =
        new()
        {
            ["check"] = (CheckCommand.Help, CheckCommand.RunAsync),
            ["workload"] = (WorkloadCommand.Help, WorkloadCommand.RunAsync),
            ["faults"] = (FaultsCommand.Help, FaultsCommand.RunAsync),
            ["soak"] = (SoakCommand.Help, SoakCommand.RunAsync),
            ["fuzz"] = (FuzzCommand.Help, FuzzCommand.RunAsync),
        };

    /// <returns>0 when what was tried holds, 1 when it does not, 2 when the command was not understood.</returns>
    public static Task<int> RunAsync(string[] args) =>
        CommandRunner.RunAsync("dotnet run --project Ticketing.Reliability", args, All);
}
