using System.Net;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Tickets;

public sealed class WithdrawFormerSellerTests(TicketsFixture fixture) : TicketsTests(fixture)
{
    [Fact]
    public async Task All_that_a_former_user_offered_is_withdrawn_and_nothing_more_can_be_listed()
    {
        var seller = Guid.CreateVersion7();
        var free = await ListAsync(seller: seller);
        var held = await ListAsync(quantity: 5, seller: seller);
        var order = await HoldAsync(held);
        var others = await ListAsync();

        await Platform.Broker.PublishAsync(new UserDeleted(seller));

        (await Platform.Broker.HearAsync<TicketDeleted>(told => told.Listing.Id == free.Id)).Listing.Version.ShouldBe(1);
        (await Platform.Broker.HearAsync<TicketDeleted>(told => told.Listing.Id == held.Id)).Listing.Version.ShouldBe(1);
        using var client = Tickets.Anonymous();
        await (await client.GetAsync($"/api/tickets/{free.Id}")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        // The order that was accepted may complete.
        await SellAsync(order);
        (await SeeAsync(others)).ShouldBe(others);

        await (await PostAsync(new { title = "One more", price = 5 }, seller)).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);

        // Told again, nothing changes.
        await Platform.Broker.PublishAsync(new UserDeleted(seller));
        await Eventually.HoldsAsync(async () => await Platform.QueueDepthAsync(Topology.TicketsUsers) == 0, "it was handled again");
        (await client.GetStringAsync($"/api/tickets?all=true&seller={seller}")).ShouldBe("[]");
    }
}
