using Dapper;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tests.Payments;
using Xunit;

namespace Ticketing.Tests.Flaws;

/// <summary>
/// 11. What the buyer is shown is the listing's price of now, what is charged the one of then. The guard: an order keeps
/// its price, and both the page and the charge go by the order.
/// </summary>
public sealed class Flaw11ChangedPriceTests(Servers servers)
{
    private static Mutation TheOrdersOwnPrice => new(
        "orders",
        "SELECT id, user_id, ticket_id, quantity, amount,",
        "SELECT id, user_id, ticket_id, quantity, quantity * (SELECT price FROM listings WHERE listings.id = ticket_id) AS amount,");

    [Fact]
    public async Task The_buyer_is_charged_what_was_shown() => (await PayAfterAChangeOfPriceAsync([])).ShouldBe((19.99m, 1999L));

    [Fact]
    public async Task Control_when_the_listings_price_is_shown_another_is_charged()
    {
        var guard = TheOrdersOwnPrice;
        (await PayAfterAChangeOfPriceAsync([guard])).ShouldBe((99.99m, 1999L));
        guard.ShouldHaveBeenApplied();
    }

    private async Task<(decimal Shown, long ChargedCents)> PayAfterAChangeOfPriceAsync(IReadOnlyList<Mutation> without)
    {
        await using var shop = await PayingShop.OpenAsync(servers, without);
        var order = await shop.PlaceAsync();
        await shop.Platform.Broker.PublishAsync(new TicketUpdated(shop.Listing with { Price = 9999, Version = 1 }));
        await using var connection = await shop.Platform.OpenAsync("orders");
        await Eventually.BecomesAsync(() => connection.ExecuteScalarAsync<long>("SELECT price FROM listings"), 9999L);

        var shown = (await shop.SeeAsync(order)).Amount;
        (await shop.PayAsync(order)).ShouldBe(201);
        await shop.PaymentBecomesAsync(order, PaymentStatus.Captured);

        return (shown, (await shop.IntentsAsync(order)).Single()["amount_received"]!.GetValue<long>());
    }
}
