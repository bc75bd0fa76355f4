using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Ticketing.Tests.Infrastructure;

namespace Ticketing.Tests.AppHost;

/// <summary>A purchase over the API from the sign-up to the completed order.</summary>
internal static class Purchase
{
    /// <summary>Signs up, lists, reserves and pays, all with the header of one trace, whose id it gives.</summary>
    public static async Task<ActivityTraceId> MakeAsync(Uri site, CancellationToken cancellationToken)
    {
        var trace = ActivityTraceId.CreateRandom();
        using var client = new HttpClient { BaseAddress = site };
        client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        await SendAsync("/api/users/signup", new { email = "buyer@example.com", password = "correct horse" });
        var ticket = await SendAsync("/api/tickets", new { title = "Concert", price = 20, quantity = 2 });
        JsonNode? order = null;
        await Eventually.HoldsAsync(async () =>
        {
            using var answer = await client.PostAsJsonAsync("/api/orders", new { ticketId = ticket["id"]!.ToString() }, cancellationToken);
            order = answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken) : null;
            return order is not null;
        }, "a new listing can be ordered");
        await SendAsync("/api/payments", new { orderId = order!["id"]!.ToString(), token = "tok_visa" });
        await Eventually.HoldsAsync(
            async () => (await client.GetFromJsonAsync<JsonNode>($"/api/orders/{order["id"]}", cancellationToken))!["status"]!.ToString() == "complete",
            "the order is complete");
        return trace;

        async Task<JsonNode> SendAsync(string path, object body)
        {
            using var answer = await client.PostAsJsonAsync(path, body, cancellationToken);
            return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!;
        }
    }
}
