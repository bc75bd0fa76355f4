using Shouldly;
using Ticketing.Contracts.Api;
using Ticketing.Web.WaitingRoom;
using Xunit;

namespace Ticketing.Tests.Web.WaitingRoom;

public sealed class RoomsTests
{
    private readonly Guid listing = Guid.CreateVersion7();
    private readonly Rooms rooms = new();

    [Fact]
    public void A_room_opens_changes_and_closes_by_events_in_any_order()
    {
        rooms.Any.ShouldBeFalse();
        rooms.Changed(listing, 60, 1);
        rooms.Changed(listing, 30, 0);
        rooms.Find(listing)!.BuyersPerMinute.ShouldBe(60);

        rooms.Changed(listing, null, 2);
        rooms.Find(listing).ShouldBeNull();
        rooms.Changed(listing, 60, 1);
        rooms.Find(listing).ShouldBeNull();
    }

    [Fact]
    public void Listings_without_a_room_are_not_kept()
    {
        rooms.Changed(listing, null, 4);
        rooms.Any.ShouldBeFalse();
    }

    [Fact]
    public void What_is_told_while_Tickets_is_read_is_newer()
    {
        var opened = Guid.CreateVersion7();
        rooms.BeginReading();
        rooms.Changed(listing, null, 2);
        rooms.Changed(opened, 5, 0);
        Read((listing, 60, 1));

        rooms.Find(listing).ShouldBeNull();
        rooms.Find(opened)!.BuyersPerMinute.ShouldBe(5);
    }

    [Fact]
    public void A_lost_event_is_made_good_by_the_next_reading()
    {
        rooms.Changed(listing, 60, 1);
        rooms.BeginReading();
        Read();
        rooms.Find(listing).ShouldBeNull();
        rooms.Any.ShouldBeFalse();

        rooms.BeginReading();
        Read((listing, 90, 3));
        rooms.Find(listing)!.BuyersPerMinute.ShouldBe(90);
    }

    [Fact]
    public void With_Tickets_away_what_is_known_stands()
    {
        rooms.Changed(listing, 60, 1);
        rooms.Known.IsCompleted.ShouldBeFalse();
        rooms.BeginReading();
        rooms.EndReading(null);

        rooms.Known.IsCompleted.ShouldBeTrue();
        rooms.Find(listing)!.BuyersPerMinute.ShouldBe(60);
    }

    private void Read(params (Guid Id, int Rate, int Version)[] read) =>
        rooms.EndReading([.. read.Select(room => new WaitingRoomResponse(room.Id, room.Rate, room.Version))]);
}
