using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Data;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.ServiceDefaults;

/// <summary>In a rush events come later than requests are answered, and they come.</summary>
public sealed class RelayYieldsTests(Servers servers)
{
    [Fact]
    public async Task However_long_something_is_urgent_events_are_told()
    {
        var rush = new Rush();
        await using var shop = await Flaws.OrdersShop.OpenAsync(
            servers, [], services => services.AddSingleton<IUrgentWork>(rush));
        var order = await shop.PlaceAsync(await shop.ListAsync());

        await shop.Platform.Broker.HearAsync<OrderCreated>(told => told.Order.Id == order.Id);

        rush.Asked.ShouldBeGreaterThan(1, "the relay gave way");
    }

    private sealed class Rush : IUrgentWork
    {
        private int asked;

        public int Asked => Volatile.Read(ref asked);

        public bool IsPressing
        {
            get
            {
                Interlocked.Increment(ref asked);
                return true;
            }
        }
    }
}
