using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tests.Payments;
using Xunit;

namespace Ticketing.Tests.Flaws;

/// <summary>
/// 6. A paid order can be deleted: its ticket is free again, and the money stays where it is. The guard: the statement
/// that cancels takes no complete order.
/// </summary>
public sealed class Flaw06PaidOrderDeletedTests(Servers servers)
{
    private static Mutation NoPaidOrder => new(
        "orders", "AND (status IN ('created', 'awaiting:payment') OR (status = 'cancelled' AND reason = 'expired'))");

    [Fact]
    public async Task A_paid_order_cannot_be_cancelled() =>
        (await CancelAPaidOrderAsync([])).ShouldBe((400, OrderStatus.Complete, 0, "succeeded"));

    [Fact]
    public async Task Control_without_the_guard_the_ticket_is_gone_and_so_is_the_money()
    {
        var guard = NoPaidOrder;
        (await CancelAPaidOrderAsync([guard])).ShouldBe((204, OrderStatus.Cancelled, 1, "succeeded"));
        guard.ShouldHaveBeenApplied();
    }

    private async Task<(int Answer, string Order, int? Available, string Intent)> CancelAPaidOrderAsync(IReadOnlyList<Mutation> without)
    {
        await using var shop = await PayingShop.OpenAsync(servers, without);
        var order = await shop.PlaceAsync();
        (await shop.PayAsync(order)).ShouldBe(201);
        await shop.PaymentBecomesAsync(order, PaymentStatus.Captured);

        var answer = await shop.CancelAsync(order);

        return (answer, (await shop.SeeAsync(order)).Status, await shop.AvailableAsync(), (await shop.IntentStatesAsync(order)).Single());
    }
}
