using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Flaws;

/// <summary>
/// 9. A hold whose timer is gone with its process, or with its Redis, never ends. The guard: Orders itself sweeps up what
/// is overdue. Here Orders runs alone: there is no Expiration and no Redis at all.
/// </summary>
public sealed class Flaw09LostTimerTests(Servers servers)
{
    private static Mutation TheSweep => new(
        "orders", "expires_at <= @overdueSince", "expires_at <= @overdueSince AND false");

    [Fact]
    public async Task A_hold_ends_although_its_timer_is_gone()
    {
        await using var shop = await OrdersShop.OpenAsync(servers, []);
        var order = await PlaceAndWaitAsync(shop);

        await shop.BecomesAsync(order, OrderStatus.Cancelled);
    }

    [Fact]
    public async Task Control_without_the_sweep_it_never_ends()
    {
        var guard = TheSweep;
        await using var shop = await OrdersShop.OpenAsync(servers, [guard]);
        var order = await PlaceAndWaitAsync(shop);

        var sweeps = guard.Applied;
        await Eventually.HoldsAsync(() => Task.FromResult(guard.Applied >= sweeps + 3), "three more sweeps have passed");
        (await shop.SeeAsync(order)).Status.ShouldBe(OrderStatus.Created);
    }

    private static async Task<Contracts.Api.OrderResponse> PlaceAndWaitAsync(OrdersShop shop)
    {
        var order = await shop.PlaceAsync(await shop.ListAsync());
        shop.Platform.Clock.Turn(TimeSpan.FromMinutes(5));
        return order;
    }
}
