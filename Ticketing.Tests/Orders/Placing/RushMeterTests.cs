using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Ticketing.Orders.Placing;
using Xunit;

namespace Ticketing.Tests.Orders.Placing;

public sealed class RushMeterTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void As_many_as_a_rush_has_within_a_moment_are_one_and_a_moment_later_it_is_over()
    {
        var meter = new RushMeter(time);
        for (var i = 1; i < RushMeter.Many; i++)
            meter.Placed(1);
        meter.IsRush.ShouldBeFalse();

        meter.Placed(1);
        meter.IsRush.ShouldBeTrue();

        time.Advance(RushMeter.Moment);
        meter.IsRush.ShouldBeFalse();
    }

    [Fact]
    public void As_many_one_after_the_other_are_none()
    {
        var meter = new RushMeter(time);
        for (var i = 0; i < 10 * RushMeter.Many; i++)
        {
            meter.Placed(1);
            time.Advance(RushMeter.Moment / (RushMeter.Many - 1));
            meter.IsRush.ShouldBeFalse();
        }
    }

    [Fact]
    public void Those_that_are_placed_together_count_each()
    {
        var meter = new RushMeter(time);
        meter.Placed(RushMeter.Many - 1);
        meter.IsRush.ShouldBeFalse();

        meter.Placed(1_000);
        meter.IsRush.ShouldBeTrue();
    }
}
