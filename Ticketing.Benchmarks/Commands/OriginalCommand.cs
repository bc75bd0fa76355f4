using System.CommandLine;
using Dapper;
using Microsoft.Extensions.Hosting;
using Ticketing.Benchmarks.Original;
using Ticketing.Reliability;

namespace Ticketing.Benchmarks;

/// <summary>
/// A listing with few tickets, and a crowd that wants them: at Orders, and at the design that it replaces, in turns, with the
/// same clients, on the same server, each time until long after nothing is left.
/// </summary>
internal static class OriginalCommand
{
    private const string Database = "original";

    private static readonly Option<int> Stock = ToolCommands.Number("--stock", 5_000, "Tickets of the listing");
    private static readonly Option<int> Rounds = ToolCommands.Number("--rounds", 5, "Rounds, of which the median counts");
    private static readonly Option<int> Seconds = ToolCommands.Number("--seconds", 8, "How long the crowd asks in each round");
    private static readonly Option<int> Clients = ToolCommands.Number("--clients", 128, "Clients at the same time");

    public static Command Create() => new Command("original", "A crowd at a listing with few tickets, here and in the original design: how fast, and what is sold twice")
    {
        Stock, Rounds, Seconds, Clients,
    }.Runs(RunAsync);

    private static async Task RunAsync(ParseResult options, CancellationToken cancellationToken)
    {
        var (stock, rounds) = (options.GetValue(Stock), options.GetValue(Rounds));
        var (seconds, clients) = (options.GetValue(Seconds), options.GetValue(Clients));
        var report = new Report("original", "design", "reservations/s", "tickets", "sold, in each round", "oversold, all rounds", "rounds with oversell");
        await using var bench = await Workbench.OpenAsync(cancellationToken);
        await using var original = await StartAsync(bench, cancellationToken);

        // The first round, in which nothing runs out, is to warm up.
        var (ours, theirs) = (new List<Sale>(), new List<Sale>());
        for (var round = 0; round <= rounds; round++)
        {
            var quantity = round == 0 ? Workbench.Plenty : stock;
            var file = await bench.ListAsync(1, quantity, cancellationToken);
            var listing = Guid.Parse((await File.ReadAllLinesAsync(file, cancellationToken))[0]);
            await original.ListAsync(listing, quantity, cancellationToken);

            await Wrk.PlaceAsync(bench.Orders, bench.Tokens, file, clients, seconds, cancellationToken);
            await using (var orders = await bench.Platform.Database("orders").OpenConnectionAsync(cancellationToken))
                ours.Add(await Sale.ReadAsync(orders, listing));
            await bench.ForgetEventsAsync(cancellationToken);

            await Wrk.PlaceAsync(original.Address, bench.Tokens, file, clients, seconds, cancellationToken);
            await using (var orders = await original.OpenAsync(cancellationToken))
                theirs.Add(await Sale.ReadAsync(orders, listing));
            await bench.PurgeAsync([OriginalOrders.Queue], cancellationToken);
            Console.WriteLine($"Orders {ours[^1]}, original {theirs[^1]}");
        }
        Add("original: look, insert, publish", theirs[1..]);
        Add("Orders", ours[1..]);
        report.Note($"""
            {clients} clients (wrk) for {seconds} s at each, {rounds} rounds in turns (Orders, original), a new listing of {stock:#,0} tickets each time; the rate is the
            median of orders a second from a sale's first to its last. Orders is {Rate(ours[1..]) / Rate(theirs[1..]):0.0} times as fast.
            """);
        report.Publish();

        void Add(string design, IReadOnlyList<Sale> sales) => report.Add(
            design, Report.Number(Rate(sales)), $"{stock:#,0}", string.Join(", ", sales.Select(sale => $"{sale.Sold:#,0}")),
            $"{sales.Sum(sale => sale.OversoldOf(stock)):#,0}", $"{sales.Count(sale => sale.OversoldOf(stock) > 0)} of {rounds}");

        static double Rate(IReadOnlyList<Sale> sales) => Report.Median(sales.Select(sale => sale.Rate));
    }

    /// <summary>In this process, which has nothing else to do meanwhile, beside the platform, with a database of its own on its server.</summary>
    private static async Task<OriginalOrders> StartAsync(Workbench bench, CancellationToken cancellationToken)
    {
        var server = bench.Platform.Database("orders");
        await using (var connection = await server.OpenConnectionAsync(cancellationToken))
            await connection.ExecuteAsync($"CREATE DATABASE {Database}");
        var database = bench.Platform.Superuser(Database);
        database.Pooling = true;
        return await OriginalOrders.StartAsync(database.ConnectionString, bench.Platform.Broker, SameSessions, cancellationToken);

        void SameSessions(IHostApplicationBuilder builder)
        {
            builder.Configuration["services:auth:http:0"] = bench.Auth.ToString();
            builder.Configuration["Authentication:Issuer"] = bench.Platform.Site.GetLeftPart(UriPartial.Authority);
        }
    }
}
