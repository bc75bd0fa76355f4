using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ticketing.Reliability;

/// <summary>Stripe as it is on a bad day, and somebody who pretends to be Stripe.</summary>
internal static class StripeFaults
{
    private const int Calls = 20;
    private static readonly TimeSpan Old = TimeSpan.FromMinutes(6);

    public static IEnumerable<Fault> All =>
    [
        Calling("stripe slow", new { when = "Before", delay_ms = 1500 }),
        Calling("stripe answers 500", new { when = "Before", status = 500 }),
        Calling("stripe answers 500 after it did the work", new { when = "After", status = 500 }),
        Calling("stripe breaks the connection after it did the work", new { when = "After", drop = true }),
        Calling("stripe says too many requests", new { when = "Before", status = 429 }),
        Webhooks("webhooks three times and out of order", "copies=3&reversed=true", 5),
        Webhooks("webhooks delayed past the holds' end", "held=true", 8),
        new("webhooks forged and replayed", ForgeAsync),
    ];

    /// <summary>The next calls go wrong.</summary>
    private static Fault Calling(string name, object how) => new(name, async context =>
    {
        var stripe = context.Platform.Stripe;
        foreach (var path in (string[])["/v1/payment_intents", "/v1/payment_intents/*/confirm", "/v1/payment_intents/*/capture", "/v1/checkout/sessions"])
        {
            var fault = JsonSerializer.SerializeToNode(how)!;
            fault["path"] = path;
            fault["times"] = Calls;
            (await stripe.PostAsJsonAsync("/sandbox/faults", fault, context.CancellationToken)).EnsureSuccessStatusCode();
        }
        await context.LastsAsync(5);
        (await stripe.DeleteAsync("/sandbox/faults", context.CancellationToken)).EnsureSuccessStatusCode();
        return true;
    });

    private static Fault Webhooks(string name, string how, double seconds) => new(name, async context =>
    {
        var stripe = context.Platform.Stripe;
        (await stripe.PutAsync($"/sandbox/webhooks?{how}", null, context.CancellationToken)).EnsureSuccessStatusCode();
        await context.LastsAsync(seconds);
        (await stripe.PutAsync("/sandbox/webhooks", null, context.CancellationToken)).EnsureSuccessStatusCode();
        return true;
    });

    /// <summary>Events that did happen, sent again by somebody else: with no, a wrong and an old signature, and truly again.</summary>
    private static async Task<bool> ForgeAsync(FaultContext context)
    {
        using var http = new HttpClient();
        var events = await context.Platform.Stripe.GetFromJsonAsync<JsonElement>("/v1/events?limit=20", context.CancellationToken);
        var secret = context.Platform.Addresses.WebhookSecret;
        var now = TimeProvider.System.GetUtcNow();
        foreach (var happened in events.GetProperty("data").EnumerateArray())
        {
            var body = happened.GetRawText();
            await SendAsync(body, null, 400);
            await SendAsync(body, Sign(body, "whsec_wrong", now), 400);
            await SendAsync(body.Replace("requires_capture", "canceled", StringComparison.Ordinal) + " ", Sign(body, secret, now), 400);
            await SendAsync(body, Sign(body, secret, now - Old), 400);
            await SendAsync(body, Sign(body, secret, now), 200);
        }
        return events.GetProperty("data").GetArrayLength() > 0;

        async Task SendAsync(string body, string? signature, int expected)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(context.Platform.Payments, "/api/payments/webhook"))
            {
                Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
            };
            if (signature is not null)
                request.Headers.TryAddWithoutValidation("Stripe-Signature", signature);
            using var response = await http.SendAsync(request, context.CancellationToken);
            context.Account.Note("webhook", new((int)response.StatusCode, null), [expected], $"a webhook that deserves {expected}");
        }
    }

    private static string Sign(string body, string secret, DateTimeOffset at)
    {
        var signed = Encoding.UTF8.GetBytes($"{at.ToUnixTimeSeconds()}.{body}");
        return $"t={at.ToUnixTimeSeconds()},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}";
    }
}
