using System.CommandLine;
using Dapper;
using Ticketing.Reliability;

namespace Ticketing.Benchmarks;

/// <summary>
/// Orders placed a second by signed-in users over HTTP, at Orders itself and through the site, beside what PostgreSQL does
/// when each order is a transaction: in turns, in one run, with the same number of clients, on the same server.
/// </summary>
internal static class ReservationsCommand
{
    private const int Many = 10_000;

    private static readonly Option<string?> Only = new Option<string?>("--only") { Description = "One of the two" }.AcceptOnlyFromAmong("hot", "spread");
    private static readonly Option<int> Rounds = ToolCommands.Number("--rounds", 3, "Rounds, of which the median counts");
    private static readonly Option<int> Seconds = ToolCommands.Number("--seconds", 4, "How long each measurement takes");
    private static readonly Option<int> Clients = ToolCommands.Number("--clients", 128, "Clients at the same time");

    public static Command Create() =>
        new Command("reservations", "Orders a second on one hot listing and spread over 10,000, beside pgbench") { Only, Rounds, Seconds, Clients }.Runs(RunAsync);

    private static async Task RunAsync(ParseResult options, CancellationToken cancellationToken)
    {
        var (rounds, seconds, clients) = (options.GetValue(Rounds), options.GetValue(Seconds), options.GetValue(Clients));
        var report = new Report("reservations", "listings", "pgbench, one order a transaction", "Orders over HTTP", "through the site", "ratio", "ratio through the site", "p99 at Orders, ms", "oversold");
        await using var bench = await Workbench.OpenAsync(cancellationToken);
        foreach (var listings in (int[])[1, Many])
        {
            if (options.GetValue(Only) is { } only && only == "hot" != (listings == 1))
                continue;
            var peer = await PgBench.CreateAsync(bench.Platform, listings, cancellationToken);
            var file = await bench.ListAsync(listings, Workbench.Plenty, cancellationToken);
            // So that everything is compiled and prepared.
            await MeasureAsync(bench.Orders, seconds);
            await MeasureAsync(bench.Platform.Site, 1);
            var (alone, direct, through) = (new List<double>(), new List<Load>(), new List<Load>());
            for (var round = 0; round < rounds; round++)
            {
                alone.Add(await peer.PlaceAsync(listings, clients, seconds, cancellationToken));
                direct.Add(await MeasureAsync(bench.Orders, seconds));
                through.Add(await MeasureAsync(bench.Platform.Site, seconds));
                Console.WriteLine($"{listings}: pgbench {alone[^1]:0}, Orders {direct[^1].Rate:0} {direct[^1]}, site {through[^1].Rate:0} {through[^1]}");
            }
            var (pgbench, orders, site) = (Report.Median(alone), Report.Median(direct.Select(load => load.Rate)), Report.Median(through.Select(load => load.Rate)));
            report.Add(
                Report.Number(listings), Report.Number(pgbench), Report.Number(orders), Report.Number(site),
                $"{orders / pgbench:0.0} ×", $"{site / pgbench:0.0} ×",
                Report.Milliseconds(TimeSpan.FromMilliseconds(Report.Median(direct.Select(load => load.Most.TotalMilliseconds)))),
                Report.Number(await OversoldAsync(bench, cancellationToken)));

            async Task<Load> MeasureAsync(Uri service, int time)
            {
                var load = await Wrk.PlaceAsync(service, bench.Tokens, file, clients, time, cancellationToken);
                await bench.ForgetEventsAsync(cancellationToken);
                return load;
            }
        }
        report.Note($"{clients} clients, {rounds} rounds of {seconds} s each in turns (pgbench, Orders, site), medians. wrk and pgbench run on the same machine.");
        report.Publish();
    }

    /// <summary>Tickets promised that are not there.</summary>
    private static async Task<long> OversoldAsync(Workbench bench, CancellationToken cancellationToken)
    {
        await using var orders = await bench.Platform.Database("orders").OpenConnectionAsync(cancellationToken);
        return await orders.ExecuteScalarAsync<long>(
            """
            SELECT coalesce(sum(abs(quantity - available - promised)), 0)::bigint FROM listings
            JOIN (SELECT ticket_id, sum(quantity) AS promised FROM orders WHERE status <> 'cancelled' GROUP BY ticket_id) AS orders
                ON orders.ticket_id = listings.id
            """);
    }
}
