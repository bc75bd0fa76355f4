using Shouldly;
using Ticketing.Demo;
using Xunit;

namespace Ticketing.Tests.Demo;

public sealed class ProgrammeTests
{
    [Fact]
    public void An_event_is_the_same_every_time_and_can_be_listed()
    {
        var now = new DateTimeOffset(2031, 3, 4, 5, 6, 7, TimeSpan.Zero);
        var events = Enumerable.Range(0, 500).Select(number => Programme.Event(number, now)).ToList();
        events.ShouldBe(Enumerable.Range(0, 500).Select(number => Programme.Event(number, now)));
        events.ShouldAllBe(listing => listing.Title.Length <= 200 && listing.Price >= 0.5m && listing.Quantity >= 1 && listing.StartsAt > now);
        events.ShouldAllBe(listing => decimal.Round(listing.Price, 2) == listing.Price);
        events.Select(listing => listing.Title).Distinct().Count().ShouldBeGreaterThan(80);
    }
}
