using System.CommandLine;
using Dapper;
using Ticketing.ApiDefaults;
using Ticketing.Reliability;

namespace Ticketing.Benchmarks;

/// <summary>How long people wait at the site for each thing that they do there, when it is half, and a tenth, as busy as it can be with that.</summary>
internal static class LatencyCommand
{
    /// <summary>Something that people do.</summary>
    /// <param name="Name">What.</param>
    /// <param name="Done">The status of an answer that is as it should be.</param>
    /// <param name="Next">Makes the next request.</param>
    private sealed record Operation(string Name, int Done, Func<int, byte[]> Next);

    private static readonly Option<int> Listings = ToolCommands.Number("--listings", 100_000, "Listings on the site");
    private static readonly Option<int> Seconds = ToolCommands.Number("--seconds", 10, "How long each measurement takes");
    private static readonly Option<int> Clients = ToolCommands.Number("--clients", 64, "Clients at the same time");
    private static readonly Option<int> Orders = ToolCommands.Number("--orders", 4_000, "Orders that are prepared to be paid");

    public static Command Create() => new Command("latency", "How long browsing, reserving and paying take at half and at a tenth of the most that can be done")
    {
        Listings, Seconds, Clients, Orders,
    }.Runs(RunAsync);

    private static async Task RunAsync(ParseResult options, CancellationToken cancellationToken)
    {
        var (listings, seconds) = (options.GetValue(Listings), options.GetValue(Seconds));
        var (clients, orders) = (options.GetValue(Clients), options.GetValue(Orders));
        var report = new Report("latency", "what", "most, a second", "at half of it: p50, ms", "p99, ms", "at a tenth: p50, ms", "p99, ms", "failed");
        await using var bench = await Workbench.OpenAsync(cancellationToken);
        var ids = await Catalogue.FillAsync(bench.Platform, listings, cancellationToken);
        var reservation = await bench.HotListingAsync(cancellationToken);
        var payments = await PaymentsAsync(bench, reservation, orders, cancellationToken);
        var paid = -1;

        foreach (var operation in (Operation[])
        [
            new("list, first page: `GET /api/tickets`", 200, Always("/api/tickets")),
            new("list, anywhere: `GET /api/tickets?cursor=…`", 200, AnyOf(id => $"/api/tickets?cursor={Paging.Cursor(id)}")),
            new("listing: `GET /api/tickets/{id}`", 200, AnyOf(id => $"/api/tickets/{id}")),
            new("page: `/`", 200, Always("/")),
            new("page: `/tickets/{id}`", 200, AnyOf(id => $"/tickets/{id}")),
            new("pay: `POST /api/payments`", 201, _ => Interlocked.Increment(ref paid) is var number && number < payments.Count
                ? payments[number]
                : throw new InvalidOperationException($"All {orders} orders are paid: prepare more with --orders.")),
            new("reserve: `POST /api/orders`", 201, reservation),
        ])
        {
            // The first is so that everything is compiled, connected and prepared.
            await SaturateAsync();
            var most = (await SaturateAsync()).Rate(operation.Done);
            var (half, tenth) = (await PaceAsync(most / 2), await PaceAsync(most / 10));
            report.Add(
                operation.Name, Report.Number(most),
                Report.Number(half.Percentile(operation.Done, 0.5)), Report.Number(half.Percentile(operation.Done, 0.99)),
                Report.Number(tenth.Percentile(operation.Done, 0.5)), Report.Number(tenth.Percentile(operation.Done, 0.99)),
                $"{half.Except(operation.Done) + tenth.Except(operation.Done)}");
            await bench.SettledAsync(cancellationToken);

            async Task<OpenLoad> PaceAsync(double rate)
            {
                await bench.SettledAsync(cancellationToken);
                return await OpenLoad.RunAsync(bench.Platform.Site, rate, seconds, operation.Next, cancellationToken, connections: 4 * clients);
            }

            Task<OpenLoad> SaturateAsync() => OpenLoad.SaturateAsync(bench.Platform.Site, clients, Math.Max(1, seconds / 2), operation.Next, cancellationToken);
        }
        report.Note($"""
            At the site, {listings:#,0} listings. The most: {clients} clients that ask again as soon as they are answered. Then half and a tenth as many
            for {seconds} s at a fixed pace, whatever is answered, and times count from when a request was due; about 1 ms of each is the generator's clock.
            """);
        report.Publish();

        Func<int, byte[]> Always(string path) => AnyOf(_ => path);

        Func<int, byte[]> AnyOf(Func<Guid, string> path)
        {
            var all = ids.Select(id => Requests.Get(path(id))).ToArray();
            return number => all[number % all.Length];
        }
    }

    /// <summary>So many orders that wait to be paid, and the requests that pay them.</summary>
    private static async Task<IReadOnlyList<byte[]>> PaymentsAsync(
        Workbench bench, Func<int, byte[]> reservation, int count, CancellationToken cancellationToken)
    {
        const int aSecond = 500;
        await OpenLoad.RunAsync(bench.Orders, aSecond, (count / aSecond) + 1, reservation, cancellationToken, connections: 32);
        await bench.SettledAsync(cancellationToken);
        await using var orders = await bench.Platform.Database("orders").OpenConnectionAsync(cancellationToken);
        var placed = await orders.QueryAsync<(Guid Id, Guid UserId)>("SELECT id, user_id FROM orders LIMIT @count", new { count });
        var tokens = new Dictionary<Guid, string>();
        return [.. placed.Select(order => Requests.Payment(
            tokens.TryGetValue(order.UserId, out var token) ? token : tokens[order.UserId] = bench.TokenFor(order.UserId), order.Id))];
    }
}
