using System.Net;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Tickets;

public sealed class DeleteTicketTests(TicketsFixture fixture) : TicketsTests(fixture)
{
    [Fact]
    public async Task A_withdrawn_listing_is_gone_for_everybody()
    {
        var listing = await ListAsync();

        (await DeleteAsync(listing)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var told = await Platform.Broker.HearAsync<TicketDeleted>(deleted => deleted.Listing.Id == listing.Id);
        told.Listing.Version.ShouldBe(1);
        using var client = Tickets.Anonymous();
        await (await client.GetAsync($"/api/tickets/{listing.Id}")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        (await client.GetStringAsync($"/api/tickets?all=true&seller={listing.UserId}")).ShouldBe("[]");
        await (await PutAsync(listing, new { price = 1 })).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await DeleteAsync(listing)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task While_any_is_reserved_or_once_any_is_sold_it_stays()
    {
        var listing = await ListAsync(quantity: 10);
        var order = await HoldAsync(listing);
        (await (await DeleteAsync(listing)).ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldContain("reserved");

        await SellAsync(order);
        (await (await DeleteAsync(listing)).ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldContain("sold");

        await FreeAsync(order with { Version = 1 });
        (await DeleteAsync(listing)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task The_checks_come_in_the_contracts_order()
    {
        var listing = await ListAsync();
        using var stranger = Tickets.As(Guid.CreateVersion7());
        using var nobody = Tickets.Anonymous();

        await (await nobody.DeleteAsync("/api/tickets/no-id")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        await (await stranger.DeleteAsync("/api/tickets/no-id")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await stranger.DeleteAsync($"/api/tickets/{Guid.CreateVersion7()}")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await DeleteAsync(listing, by: Guid.CreateVersion7())).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        (await SeeAsync(listing)).ShouldBe(listing);
    }

    [Fact]
    public async Task An_order_that_crossed_the_withdrawal_is_still_counted()
    {
        var listing = await ListAsync(quantity: 5);
        await DeleteAsync(listing);

        await SellAsync(await HoldAsync(listing, 2));

        (await TotalsAsync(listing.Id)).ShouldBe((0, 2));
        using var client = Tickets.Anonymous();
        await (await client.GetAsync($"/api/tickets/{listing.Id}")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }
}
