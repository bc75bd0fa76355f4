using System.CommandLine;
using System.Diagnostics;
using Ticketing.Reliability;

namespace Ticketing.Benchmarks;

/// <summary>A few figures within seconds, for the end of a run of all tests: they tell when something became much slower.</summary>
internal static class ShortCommand
{
    private static readonly Option<int> Seconds = ToolCommands.Number("--seconds", 2, "How long is measured");
    private static readonly Option<int> Clients = ToolCommands.Number("--clients", 128, "Clients at the same time");

    public static Command Create() =>
        new Command("short", "A few figures within 20 seconds, without wrk and pgbench, and not written down") { Seconds, Clients }.Runs(RunAsync);

    private static async Task RunAsync(ParseResult options, CancellationToken cancellationToken)
    {
        var (seconds, clients) = (options.GetValue(Seconds), options.GetValue(Clients));
        var start = Stopwatch.GetTimestamp();
        await using var bench = await Workbench.OpenAsync(cancellationToken);
        var up = Stopwatch.GetElapsedTime(start);
        var request = await bench.HotListingAsync(cancellationToken);

        // The first is to warm up.
        await SaturateAsync(1);
        var most = (await SaturateAsync(seconds)).Rate(201);
        var half = await OpenLoad.RunAsync(bench.Orders, most / 2, 1, request, cancellationToken, connections: 4 * clients);
        Console.WriteLine($"Benchmark: up after {up.TotalSeconds:0.0} s; {most:#,0} reservations/s on one listing at Orders;"
            + $" at half of that p50 {half.Percentile(201, 0.5):0.0} ms, p99 {half.Percentile(201, 0.99):0.0} ms, {half.Except(201)} refused");

        Task<OpenLoad> SaturateAsync(int time) => OpenLoad.SaturateAsync(bench.Orders, clients, time, request, cancellationToken);
    }
}
