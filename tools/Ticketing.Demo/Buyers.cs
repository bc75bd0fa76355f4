using System.Text.Json.Nodes;

namespace Ticketing.Demo;

/// <summary>How a purchase ended.</summary>
internal enum Outcome
{
    Paid,
    PaidWithAnotherCard,
    Cancelled,
    LeftToExpire,
    SoldOut,
}

/// <summary>
/// People who buy, a few at a time and at a gentle pace: most pay, some with their second card, some change their mind, and
/// some just walk away.
/// </summary>
internal static class Buyers
{
    public static string EmailOf(int buyer) => $"buyer-{buyer + 1}@demo.example";

    /// <exception cref="RefusedException">The site refused something that it should not.</exception>
    public static async Task<(Outcome Outcome, string Title)> BuyAsync(Visitor buyer, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (listings, _) = await buyer.GetAsync($"/api/tickets?limit=100&sort={Any("newest", "soonest", "price-asc")}", cancellationToken);
        if (listings is not JsonArray { Count: > 0 } found)
            return (Outcome.SoldOut, "everything");
        var listing = found[Random.Shared.Next(found.Count)]!;
        var title = listing["title"]!.GetValue<string>();
        await buyer.GetAsync($"/api/tickets/{listing["id"]}", cancellationToken);
        await ThinkAsync();

        JsonNode order;
        try
        {
            var quantity = Math.Min(Random.Shared.Next(1, 5), listing["available"]!.GetValue<int>());
            order = (await buyer.PostAsync("/api/orders", new { ticketId = listing["id"], quantity }, cancellationToken))!;
        }
        catch (RefusedException gone) when ((int)gone.Status is 400 or 404 or 429)
        {
            return (Outcome.SoldOut, title);
        }
        await ThinkAsync();

        switch (Random.Shared.Next(10))
        {
            case 0:
                await buyer.DeleteAsync($"/api/orders/{order["id"]}", cancellationToken);
                return (Outcome.Cancelled, title);
            case 1:
                return (Outcome.LeftToExpire, title);
            case 2:
                await DeclinedAsync(order);
                await ThinkAsync();
                await PayAsync(order);
                return (Outcome.PaidWithAnotherCard, title);
            default:
                await PayAsync(order);
                return (Outcome.Paid, title);
        }

        Task ThinkAsync() => Task.Delay(TimeSpan.FromSeconds(1 + (3 * Random.Shared.NextDouble())), clock, cancellationToken);

        Task PayAsync(JsonNode order) => buyer.PostAsync("/api/payments", new { orderId = order["id"], token = Any("tok_visa", "tok_mastercard") }, cancellationToken);

        async Task DeclinedAsync(JsonNode order)
        {
            try
            {
                await buyer.PostAsync("/api/payments", new { orderId = order["id"], token = "tok_chargeDeclined" }, cancellationToken);
            }
            catch (RefusedException declined) when ((int)declined.Status is 400)
            {
                // As it should be: the bank said no.
            }
        }
    }

    private static string Any(params string[] choices) => choices[Random.Shared.Next(choices.Length)];
}
