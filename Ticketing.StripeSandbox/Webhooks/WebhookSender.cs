using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using Dapper;
using Ticketing.StripeSandbox.Control;

namespace Ticketing.StripeSandbox.Webhooks;

/// <summary>
/// Sends each event until its endpoint answers 2xx: again after 0.5 s, 1 s, 2 s … at most 15 s, for three days. Several
/// at a time, so that their order is not kept, as at Stripe.
/// </summary>
internal sealed partial class WebhookSender(
    SandboxStore store, WebhookFaults faults, IHttpClientFactory clients, TimeProvider time, ILogger<WebhookSender> logger) : BackgroundService
{
    public const string ClientName = "webhooks";

    private const int Concurrency = 8;
    private const int BatchSize = 64;
    private static readonly TimeSpan GivenUpAfter = TimeSpan.FromDays(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var due = faults.Held ? [] : store.Run(Caller.None, FindDue);
            if (due.Count == 0)
            {
                await store.Published.WaitAsync(TimeSpan.FromMilliseconds(250), stoppingToken);
                continue;
            }

            var taken = new ConcurrentBag<Delivery>();
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = stoppingToken }, async (delivery, token) =>
            {
                for (var copy = 0; copy < faults.Copies; copy++)
                {
                    if (await SendAsync(delivery, token))
                        taken.Add(delivery);
                }
            });
            store.Run(Caller.None, transaction => Record(transaction, taken, due.Except(taken)));
        }
    }

    private List<Delivery> FindDue(SandboxTransaction transaction) => transaction.Connection.Query<Delivery>(
        $"""
        SELECT deliveries.id, attempts, deliveries.created, event.id AS eventId, event.json AS body,
            endpoint.json ->> 'url' AS url, endpoint.json ->> 'secret' AS secret
        FROM deliveries JOIN objects AS event ON event.id = event JOIN objects AS endpoint ON endpoint.id = endpoint
        WHERE next_attempt <= @now ORDER BY next_attempt {(faults.Reversed ? "DESC" : "")} LIMIT {BatchSize}
        """,
        new { now = time.GetUtcNow().ToUnixTimeMilliseconds() }).ToList();

    private int Record(SandboxTransaction transaction, IEnumerable<Delivery> taken, IEnumerable<Delivery> refused)
    {
        var now = time.GetUtcNow();
        var over = refused.ToLookup(delivery => DateTimeOffset.FromUnixTimeMilliseconds(delivery.Created) + GivenUpAfter < now);
        return transaction.Connection.Execute("DELETE FROM deliveries WHERE id = @Id", taken.Concat(over[true]))
            + transaction.Connection.Execute("UPDATE deliveries SET attempts = attempts + 1, next_attempt = @next WHERE id = @Id",
                over[false].Select(delivery => new { delivery.Id, next = now.ToUnixTimeMilliseconds() + DelayAfter(delivery.Attempts) }));
    }

    /// <summary>In milliseconds.</summary>
    private static long DelayAfter(long attempts) => Math.Min(15_000, 500L << (int)Math.Min(attempts, 6));

    private async Task<bool> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url)
        {
            Content = new StringContent(delivery.Body, Encoding.UTF8, new MediaTypeHeaderValue("application/json", "utf-8")),
        };
        request.Headers.TryAddWithoutValidation("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)");
        request.Headers.TryAddWithoutValidation("Stripe-Signature",
            EventUtility.GenerateSignatureHeader(delivery.Body, delivery.Secret, time.GetUtcNow().ToUnixTimeSeconds()));
        try
        {
            using var response = await clients.CreateClient(ClientName).SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
                LogNotTaken(delivery.EventId, response.StatusCode.ToString());
            return response.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            LogNotTaken(delivery.EventId, failure.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "{EventId} was not taken: {Reason}; it is sent again later")]
    private partial void LogNotTaken(string eventId, string reason);

    /// <summary>An event that an endpoint has not yet taken.</summary>
    private sealed record Delivery
    {
        public long Id { get; init; }
        public long Attempts { get; init; }

        /// <summary>Unix milliseconds.</summary>
        public long Created { get; init; }

        public required string EventId { get; init; }
        public required string Body { get; init; }
        public required string Url { get; init; }
        public required string Secret { get; init; }
    }
}
