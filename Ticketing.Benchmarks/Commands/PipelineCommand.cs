using System.CommandLine;
using System.Diagnostics;
using Dapper;
using Ticketing.Reliability;

namespace Ticketing.Benchmarks;

/// <summary>How fast a burst of orders is placed, and how long after it every service knows of all of them.</summary>
internal static class PipelineCommand
{
    /// <summary>As many as are let in at once.</summary>
    private const int Clients = 128;

    private static readonly Option<int> Orders = ToolCommands.Number("--orders", 20_000, "Orders in the burst");

    public static Command Create() =>
        new Command("pipeline", "A burst of orders: placed, and known to every service") { Orders }.Runs(RunAsync);

    private static async Task RunAsync(ParseResult options, CancellationToken cancellationToken)
    {
        var count = options.GetValue(Orders);
        var report = new Report("pipeline", "orders", "placed within, s", "everybody knows of all after, s", "orders/s through");
        await using var bench = await Workbench.OpenAsync(cancellationToken);
        var request = await bench.HotListingAsync(cancellationToken);
        foreach (var burst in (int[])[count / 4, count])
        {
            var since = Stopwatch.GetTimestamp();
            var load = await OpenLoad.SendAllAsync(bench.Orders, Clients, burst, request, cancellationToken);
            await bench.SettledAsync(cancellationToken);
            var all = Stopwatch.GetElapsedTime(since).TotalSeconds;
            var placed = load.Rate(201) * load.Seconds;
            report.Add(Report.Number(placed), Report.Number(load.Seconds), Report.Number(all), Report.Number(placed / all));
        }
        await using (var tickets = await bench.Platform.Database("tickets").OpenConnectionAsync(cancellationToken))
        await using (var orders = await bench.Platform.Database("orders").OpenConnectionAsync(cancellationToken))
        {
            report.Note($"""
                The first burst is to warm up. At the end Orders had {await orders.ExecuteScalarAsync<long>("SELECT count(*) FROM orders"):#,0} orders,
                and Tickets knew of {await tickets.ExecuteScalarAsync<long>("SELECT count(*) FROM reservations"):#,0}.
                """);
        }
        report.Publish();
    }
}
