using System.CommandLine;
using Ticketing.Reliability;

namespace Ticketing.Benchmarks;

/// <summary>More orders than can be placed: how many are placed all the same, and how long each waits for its answer.</summary>
internal static class OverloadCommand
{
    private const int Clients = 128;

    private static readonly Option<int> Seconds = ToolCommands.Number("--seconds", 8, "How long each measurement takes");

    public static Command Create() =>
        new Command("overload", "Half, all and twice of the most orders that can be placed on a hot listing: what is answered, and when") { Seconds }.Runs(RunAsync);

    private static async Task RunAsync(ParseResult options, CancellationToken cancellationToken)
    {
        var seconds = options.GetValue(Seconds);
        var report = new Report("overload", "asked, orders/s", "placed, orders/s", "p50, ms", "p99, ms", "503, a second", "p99 of 503, ms", "of the most");
        await using var bench = await Workbench.OpenAsync(cancellationToken);
        var request = await bench.HotListingAsync(cancellationToken);
        // What can be placed with this generator (wrk takes less of the machine), when each client asks again as soon as it is
        // answered: the first time to warm up.
        var most = 0.0;
        for (var round = 0; round < 3; round++)
        {
            var load = await OpenLoad.SaturateAsync(bench.Orders, Clients, seconds, request, cancellationToken);
            most = load.Rate(201);
            await bench.ForgetEventsAsync(cancellationToken);
        }
        foreach (var part in (double[])[0.5, 1, 2])
        {
            var load = await MeasureAsync(most * part, seconds);
            report.Add(
                Report.Number(most * part), Report.Number(load.Rate(201)), Report.Number(load.Percentile(201, 0.5)), Report.Number(load.Percentile(201, 0.99)),
                Report.Number(load.Rate(503)), load.Rate(503) > 0 ? Report.Number(load.Percentile(503, 0.99)) : "–", $"{load.Rate(201) / most:P0}");
        }
        report.Note($"{seconds} s each on one listing at Orders, over 4,000 connections; times count from when a request was due.");
        report.Publish();

        async Task<OpenLoad> MeasureAsync(double rate, int time)
        {
            var load = await OpenLoad.RunAsync(bench.Orders, rate, time, request, cancellationToken);
            await bench.ForgetEventsAsync(cancellationToken);
            return load;
        }
    }
}
