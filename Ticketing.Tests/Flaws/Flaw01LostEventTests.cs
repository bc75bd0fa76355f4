using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Data;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Flaws;

/// <summary>
/// 1. Whoever saves first and publishes then loses the event for good when the process dies in between. The guard: the
/// statement that saves writes the event into the outbox, where the next process finds it.
/// </summary>
public sealed class Flaw01LostEventTests(Servers servers)
{
    private static Mutation Outbox => new(
        "orders",
        "SELECT 'OrderCreated', order_event(placed::orders), trace_parent FROM placed JOIN asked USING (id)",
        "SELECT 'OrderCreated', order_event(placed::orders), trace_parent FROM placed JOIN asked USING (id) WHERE false");

    [Fact]
    public async Task An_event_is_not_lost_when_the_process_dies_after_the_save() =>
        (await ToldAfterADeathAsync([])).ShouldBe(1);

    [Fact]
    public async Task Control_without_the_outbox_it_is_lost()
    {
        var guard = Outbox;
        (await ToldAfterADeathAsync([guard])).ShouldBe(0);
        guard.ShouldHaveBeenApplied();
    }

    /// <summary>How often an order is told that was placed with a process which then died before it published anything.</summary>
    private async Task<int> ToldAfterADeathAsync(IReadOnlyList<Mutation> without)
    {
        await using var shop = await OrdersShop.OpenAsync(servers, without, PublishNothing);
        var order = await shop.PlaceAsync(await shop.ListAsync());
        await shop.Orders.DisposeAsync();

        var next = await shop.Platform.StartAsync<Ticketing.Orders.Order>();
        using var buyer = next.As(order.UserId);
        (await buyer.DeleteAsync($"/api/orders/{order.Id}")).EnsureSuccessStatusCode();

        // Whatever was to be told before the order's end is told by then.
        await shop.Platform.Broker.HearAsync<OrderCancelled>(told => told.Order.Id == order.Id);
        await Eventually.BecomesAsync(() => shop.OutboxDepthAsync(), 0L);
        return shop.Platform.Broker.Heard<OrderCreated>(told => told.Order.Id == order.Id).Count;
    }

    private static void PublishNothing(IServiceCollection services) => services.Remove(services.Single(service =>
        service.ServiceType == typeof(IHostedService) && service.ImplementationType == typeof(OutboxRelay)));
}
