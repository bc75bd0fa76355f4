using Ticketing.Reliability;

namespace Ticketing.Benchmarks;

/// <summary>What this program can measure, by the first argument.</summary>
internal static class Commands
{
    private static readonly Dictionary<string, (string Help, Command Run)> All =
        new()
        {
            ["reservations"] = (ReservationsCommand.Help, Measuring(ReservationsCommand.RunAsync)),
            ["original"] = (OriginalCommand.Help, Measuring(OriginalCommand.RunAsync)),
            ["latency"] = (LatencyCommand.Help, Measuring(LatencyCommand.RunAsync)),
            ["overload"] = (OverloadCommand.Help, Measuring(OverloadCommand.RunAsync)),
            ["pipeline"] = (PipelineCommand.Help, Measuring(PipelineCommand.RunAsync)),
            ["expiry"] = (ExpiryCommand.Help, Measuring(ExpiryCommand.RunAsync)),
            ["line"] = (LineCommand.Help, Measuring(LineCommand.RunAsync)),
            ["startup"] = (StartupCommand.Help, Measuring(StartupCommand.RunAsync)),
            ["micro"] = (MicroCommand.Help, Measuring(MicroCommand.RunAsync)),
            ["scaling"] = (ScalingCommand.Help, Measuring(ScalingCommand.RunAsync)),
            ["short"] = (ShortCommand.Help, Measuring(ShortCommand.RunAsync)),
        };

    /// <returns>0, or 2 when the command was not understood.</returns>
    public static Task<int> RunAsync(string[] args) =>
        CommandRunner.RunAsync("dotnet run -c Release --project Ticketing.Benchmarks", args, All);

    /// <summary>What is measured is for people to judge.</summary>
    private static Command Measuring(Func<Options, CancellationToken, Task> measure) => async (options, cancellationToken) =>
    {
        await measure(options, cancellationToken);
        return 0;
    };
}
