using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Expiration;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Orders;

/// <summary>Orders and Expiration, whose clocks are 5 s apart.</summary>
public sealed class ClocksApartTests(Servers servers)
{
    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    public async Task A_hold_ends_by_the_clock_of_Orders_neither_earlier_nor_never(int expirationAhead)
    {
        await using var platform = (await TestPlatform.CreateAsync(servers, "orders", "redis")).With("Orders:HoldSeconds", "3");
        var clock = new TestClock();
        clock.Turn(TimeSpan.FromSeconds(expirationAhead));
        await platform.StartAsync<HoldClocks>(services => services.AddSingleton<TimeProvider>(clock));
        var orders = await platform.StartAsync<Ticketing.Orders.Order>();
        var listing = OrdersTests.Listing();
        await platform.Broker.PublishAsync(new TicketCreated(listing));
        using var buyer = orders.As(Guid.CreateVersion7());

        OrderResponse? order = null;
        await Eventually.HoldsAsync(async () =>
        {
            using var answer = await buyer.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id });
            order = answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<OrderResponse>() : null;
            return order is not null;
        }, "the listing can be ordered");

        await Eventually.HoldsAsync(async () =>
        {
            var asked = platform.Clock.GetUtcNow();
            var now = (await buyer.GetFromJsonAsync<OrderResponse>($"/api/orders/{order!.Id}"))!;
            if (now.Status == OrderStatus.Cancelled)
                platform.Clock.GetUtcNow().ShouldBeGreaterThanOrEqualTo(order.ExpiresAt);
            else if (asked < order.ExpiresAt)
                now.Status.ShouldBe(OrderStatus.Created);
            return now is { Status: OrderStatus.Cancelled, Reason: CancelReason.Expired };
        }, "the hold has ended");
    }
}
