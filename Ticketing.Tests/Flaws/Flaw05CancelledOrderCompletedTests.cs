using Dapper;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Flaws;

/// <summary>
/// 5. A payment completes its order whatever has become of it, and so sells the ticket of a cancelled one twice. The
/// guard: only an open order, or one that can take its tickets again, is completed.
/// </summary>
public sealed class Flaw05CancelledOrderCompletedTests(Servers servers)
{
    internal static Mutation OnlyOpenOrders => new(
        "orders", "AND (candidate.status IN ('created', 'awaiting:payment') OR EXISTS (SELECT FROM retaken))");

    [Fact]
    public async Task A_payment_for_a_cancelled_order_does_not_complete_it() => (await SalesOfOneTicketAsync([])).ShouldBe(1);

    [Fact]
    public async Task Control_without_a_look_at_the_order_one_ticket_is_sold_twice()
    {
        var guard = OnlyOpenOrders;
        (await SalesOfOneTicketAsync([guard])).ShouldBe(2);
        guard.ShouldHaveBeenApplied();
    }

    private async Task<long> SalesOfOneTicketAsync(IReadOnlyList<Mutation> without)
    {
        await using var shop = await OrdersShop.OpenAsync(servers, without);
        var listing = await shop.ListAsync(quantity: 1);
        var cancelled = await shop.PlaceAsync(listing);
        await shop.CancelAsync(cancelled);
        var buyer = await shop.PlaceAsync(listing);

        foreach (var order in new[] { buyer, cancelled })
            await shop.Platform.Broker.PublishAsync(new PaymentAuthorized(shop.Payment(order, PaymentStatus.Authorized, 1)));

        await using var connection = await shop.Platform.OpenAsync("orders");
        await Eventually.BecomesAsync(() => connection.ExecuteScalarAsync<long>("SELECT count(*) FROM verdicts"), 2L);
        return await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM orders WHERE status = 'complete'");
    }
}
