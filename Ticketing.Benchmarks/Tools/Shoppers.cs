using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dapper;
using Ticketing.Contracts;

namespace Ticketing.Benchmarks;

/// <summary>People who reserve a ticket, pay it by card, and begin again, through the site.</summary>
internal sealed class Shoppers(Workbench bench, string listings)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string[] tokens = File.ReadAllLines(bench.Tokens);
    private readonly string[] listed = File.ReadAllLines(listings);

    /// <summary>So many at a time for so long, and then until the last of their orders is complete.</summary>
    public async Task<Purchases> BuyAsync(int atOnce, TimeSpan time, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = atOnce }) { BaseAddress = bench.Platform.Site };
        var (reserved, paid) = (new ConcurrentBag<TimeSpan>(), new ConcurrentBag<TimeSpan>());
        var completeBefore = await CompleteAsync(cancellationToken);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(async shopper =>
        {
            for (var turn = shopper; watch.Elapsed < time; turn += atOnce)
            {
                var session = new AuthenticationHeaderValue("Bearer", tokens[turn % tokens.Length]);
                var order = await PostAsync(reserved, session, "/api/orders", new { ticketId = listed[turn % listed.Length] });
                await PostAsync(paid, session, "/api/payments", new { orderId = order["id"]!.ToString(), token = "tok_visa" });
            }
        }));
        var bought = watch.Elapsed;
        long complete;
        while ((complete = await CompleteAsync(cancellationToken) - completeBefore) < paid.Count)
        {
            if (watch.Elapsed > bought + Patience)
                throw new InvalidOperationException($"Of {paid.Count} paid orders only {complete} are complete.");
            await Task.Delay(20, cancellationToken);
        }
        return new(complete, watch.Elapsed, watch.Elapsed - bought, [.. reserved], [.. paid]);

        async Task<JsonNode> PostAsync(ConcurrentBag<TimeSpan> times, AuthenticationHeaderValue session, string path, object body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
            request.Headers.Authorization = session;
            var started = Stopwatch.GetTimestamp();
            using var answer = await client.SendAsync(request, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(started));
            return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!;
        }
    }

    private async Task<long> CompleteAsync(CancellationToken cancellationToken)
    {
        await using var orders = await bench.Platform.Database("orders").OpenConnectionAsync(cancellationToken);
        return await orders.ExecuteScalarAsync<long>(
            "SELECT count(*) FROM orders WHERE status = @Complete", new { OrderStatus.Complete });
    }
}

/// <summary>What they bought.</summary>
/// <param name="Complete">How many orders.</param>
/// <param name="Time">From the first reservation to the last completed order.</param>
/// <param name="Drain">How long orders went on being completed after nobody bought any more.</param>
/// <param name="Reserved">How long each reservation took.</param>
/// <param name="Paid">How long each payment took.</param>
internal sealed record Purchases(
    long Complete, TimeSpan Time, TimeSpan Drain, IReadOnlyList<TimeSpan> Reserved, IReadOnlyList<TimeSpan> Paid)
{
    public double Rate => Complete / Time.TotalSeconds;
}
