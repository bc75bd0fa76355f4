using Ticketing.Reliability;

namespace Ticketing.Benchmarks;

/// <summary>What this program can measure, by the first argument.</summary>
internal static class Commands
{
    private static readonly Dictionary<string, (string Help, Func<Options, CancellationToken, Task> Run)> All =
        new()
        {
            ["reservations"] = (ReservationsCommand.Help, ReservationsCommand.RunAsync),
            ["overload"] = (OverloadCommand.Help, OverloadCommand.RunAsync),
            ["pipeline"] = (PipelineCommand.Help, PipelineCommand.RunAsync),
            ["expiry"] = (ExpiryCommand.Help, ExpiryCommand.RunAsync),
            ["scaling"] = (ScalingCommand.Help, ScalingCommand.RunAsync),
        };

    /// <returns>0, or 2 when the command was not understood.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length == 0 || !All.TryGetValue(args[0], out var command))
        {
            await Console.Error.WriteLineAsync("Usage: dotnet run -c Release --project Ticketing.Benchmarks -- COMMAND [--option value]");
            foreach (var (name, (help, _)) in All)
                await Console.Error.WriteLineAsync($"  {name,-14} {help}");
            return 2;
        }
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = true;
            stop.Cancel();
        };
        await command.Run(Options.Parse(args[1..]), stop.Token);
        return 0;
    }
}
