using System.Net;
using System.Net.Http.Json;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Tickets;

public sealed class WaitingRoomTests(TicketsFixture fixture) : TicketsTests(fixture)
{
    [Fact]
    public async Task A_room_is_told_shown_kept_changed_and_closed()
    {
        var listing = await ListWithRoomAsync(60);
        listing.BuyersPerMinute.ShouldBe(60);
        (await Platform.Broker.HearAsync<TicketCreated>(told => told.Listing.Id == listing.Id)).Listing.BuyersPerMinute.ShouldBe(60);
        (await RoomsAsync()).ShouldContain(new WaitingRoomResponse(listing.Id, 60, 0));

        (await (await PutAsync(listing, new { title = "Another" })).Content.ReadFromJsonAsync<TicketResponse>())!.BuyersPerMinute.ShouldBe(60);
        (await PutAsync(listing, new { buyersPerMinute = 90 })).EnsureSuccessStatusCode();
        (await RoomsAsync()).ShouldContain(new WaitingRoomResponse(listing.Id, 90, 2));
        (await Platform.Broker.HearAsync<TicketUpdated>(told => told.Listing.Id == listing.Id && told.Listing.Version == 2))
            .Listing.BuyersPerMinute.ShouldBe(90);

        using var closed = await PutAsync(listing, """{"buyersPerMinute":null}""");
        (await closed.Content.ReadAsStringAsync()).ShouldNotContain("buyersPerMinute");
        (await SeeAsync(listing)).BuyersPerMinute.ShouldBeNull();
        (await RoomsAsync()).ShouldNotContain(room => room.TicketId == listing.Id);
    }

    [Fact]
    public async Task The_rate_alone_may_change_while_tickets_are_reserved()
    {
        var listing = await ListWithRoomAsync(1);
        await HoldAsync(listing);

        (await PutAsync(listing, new { buyersPerMinute = 100 })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await PutAsync(listing, new { buyersPerMinute = 200, title = "Another" })).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        await (await PutAsync(listing, new { })).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        (await SeeAsync(listing)).BuyersPerMinute.ShouldBe(100);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("60001")]
    [InlineData("1.5")]
    public async Task A_wrong_rate_is_named(string rate)
    {
        await (await PostAsync($$"""{"title":"x","price":1,"buyersPerMinute":{{rate}}}""")).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "buyersPerMinute");
        var listing = await ListAsync();
        await (await PutAsync(listing, $$"""{"buyersPerMinute":{{rate}}}""")).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "buyersPerMinute");
    }

    private async Task<TicketResponse> ListWithRoomAsync(int rate) =>
        (await (await PostAsync(new { title = "Rush", price = 10, quantity = 5, buyersPerMinute = rate })).Content.ReadFromJsonAsync<TicketResponse>())!;

    private async Task<WaitingRoomResponse[]> RoomsAsync()
    {
        using var site = Tickets.Anonymous();
        return (await site.GetFromJsonAsync<WaitingRoomResponse[]>("/internal/rooms"))!;
    }
}
