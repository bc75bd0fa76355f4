using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Options;
using Ticketing.StripeSandbox.Bookkeeping;
using Ticketing.StripeSandbox.Protocol;

namespace Ticketing.StripeSandbox.Webhooks;

/// <summary>
/// Sends each event until its endpoint answers 2xx: again after 0.5 s, 1 s, 2 s … at most 15 s, for three days. Several
/// at a time, so that their order is not kept, as at Stripe.
/// </summary>
internal sealed partial class WebhookSender(
    Books books, WebhookSwitch control, IHttpClientFactory clients, IOptions<SandboxOptions> options, TimeProvider time,
    ILogger<WebhookSender> logger) : BackgroundService
{
    public const string ClientName = "webhooks";

    private const int AtOnce = 8;
    private const long GivenUpAfterSeconds = 3 * 24 * 60 * 60;
    private static readonly Caller Nobody = new("");
    private readonly SemaphoreSlim added = new(0);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        books.DeliveriesAdded += Wake;
        books.Write(Nobody, transaction => WebhookEndpoints.Configure(transaction, options.Value));
        while (!stoppingToken.IsCancellationRequested)
        {
            if (!control.Held)
                await Parallel.ForEachAsync(Due(), Together(stoppingToken), async (delivery, token) => await Deliver(delivery, token));
            if (control.Held || Due().Count == 0)
                await added.WaitAsync(TimeSpan.FromMilliseconds(250), stoppingToken);
        }
    }

    private static ParallelOptions Together(CancellationToken stoppingToken) =>
        new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken };

    private void Wake()
    {
        if (added.CurrentCount == 0)
            added.Release();
    }

    private List<Delivery> Due()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var due = books.All<Delivery>().Where(delivery => delivery.NextAttempt <= now);
        return [.. control.Reversed ? due.OrderByDescending(delivery => delivery.NextAttempt) : due.OrderBy(delivery => delivery.NextAttempt)];
    }

    private async Task Deliver(Delivery delivery, CancellationToken cancellationToken)
    {
        var endpoint = books.Find<WebhookEndpoint>(delivery.EndpointId);
        var happened = books.Find<StripeEvent>(delivery.EventId);
        var taken = endpoint is null || happened is null;
        for (var copy = 0; copy < control.Copies && endpoint is not null && happened is not null; copy++)
            taken |= await Send(endpoint, happened, cancellationToken);
        books.Write(Nobody, transaction =>
        {
            if (taken || delivery.Created + GivenUpAfterSeconds < transaction.Now)
                transaction.Remove(delivery.Id);
            else
                transaction.Put(Later(delivery));
            return taken;
        });
    }

    private Delivery Later(Delivery delivery)
    {
        var delay = Math.Min(15_000, 500L << Math.Min(delivery.Attempts, 6));
        return delivery with { Attempts = delivery.Attempts + 1, NextAttempt = time.GetUtcNow().ToUnixTimeMilliseconds() + delay };
    }

    private async Task<bool> Send(WebhookEndpoint endpoint, StripeEvent happened, CancellationToken cancellationToken)
    {
        var body = StripeJson.Write(Events.View(happened, 1));
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url) { Content = new StringContent(body, Encoding.UTF8) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.TryAddWithoutValidation("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)");
        request.Headers.TryAddWithoutValidation("Stripe-Signature", WebhookSignature.Header(body, endpoint.Secret, time.GetUtcNow()));
        try
        {
            using var response = await clients.CreateClient(ClientName).SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
                LogRefused(happened.Id, happened.Type, (int)response.StatusCode);
            return response.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            LogUnreachable(happened.Id, happened.Type, failure.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "{EventId} ({Type}) was answered with {Status}; it is sent again later")]
    private partial void LogRefused(string eventId, string type, int status);

    [LoggerMessage(LogLevel.Information, "{EventId} ({Type}) could not be delivered: {Problem}; it is sent again later")]
    private partial void LogUnreachable(string eventId, string type, string problem);
}
