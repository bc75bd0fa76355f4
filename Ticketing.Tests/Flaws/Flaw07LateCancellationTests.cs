using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tickets;
using Xunit;

namespace Ticketing.Tests.Flaws;

/// <summary>
/// 7. The late news that one order was cancelled frees a ticket that another order holds by now. The guard: what is held
/// is kept by order, and an order's own row takes only newer news; totals change by what became of that row.
/// </summary>
public sealed class Flaw07LateCancellationTests(Servers servers)
{
    private static Mutation OnlyNewerNews => new("tickets", "WHERE present.version < excluded.version");

    /// <summary>Counts up and down as the news come, whoever they are of.</summary>
    private static Mutation ByTheOrdersOwnRow => new(
        "tickets",
        "sum(after.held - coalesce(before.held, 0)) AS held",
        "sum(CASE (SELECT state FROM incoming WHERE incoming.order_id = after.order_id) WHEN 'held' THEN 1 ELSE -1 END) AS held");

    [Fact]
    public async Task A_late_cancellation_does_not_free_the_next_buyers_ticket() =>
        (await HearOfACancellationAgainAsync([])).ShouldBe((0, HttpStatusCode.BadRequest));

    [Fact]
    public async Task Control_without_a_look_at_the_order_it_does()
    {
        var (newer, row) = (OnlyNewerNews, ByTheOrdersOwnRow);
        (await HearOfACancellationAgainAsync([newer, row])).ShouldBe((1, HttpStatusCode.OK));
        newer.ShouldHaveBeenApplied();
        row.ShouldHaveBeenApplied();
    }

    /// <summary>How many tickets seem to be free, and whether the seller may change what a buyer is about to pay.</summary>
    private async Task<(int Available, HttpStatusCode Edit)> HearOfACancellationAgainAsync(IReadOnlyList<Mutation> without)
    {
        await using var shop = await TicketsShop.OpenAsync(servers, without);
        var listing = await shop.ListAsync(quantity: 1);
        var first = await shop.HoldAsync(listing);
        await shop.FreeAsync(first);
        await shop.HoldAsync(listing);

        var ledger = ActivatorUtilities.CreateInstance<ReservationLedger>(shop.Tickets.Services);
        await ledger.EnterAsync([first with { Status = OrderStatus.Cancelled, Version = 1 }], CancellationToken.None);

        var available = (await shop.SeeAsync(listing)).Available;
        using var edit = await shop.PutAsync(listing, new { price = 99.99m });
        return (available, edit.StatusCode);
    }
}
