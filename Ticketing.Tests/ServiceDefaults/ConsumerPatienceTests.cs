using Shouldly;
using Ticketing.Messaging;
using Xunit;

namespace Ticketing.Tests.ServiceDefaults;

public sealed class ConsumerPatienceTests
{
    private readonly ConsumerPatience patience = new(TimeSpan.FromSeconds(20));

    [Fact]
    public void Consumers_that_stay_away_from_a_broker_that_is_there_are_given_up()
    {
        Is(0, consuming: true, reachable: true).ShouldBeFalse();
        Is(1, consuming: false, reachable: true).ShouldBeFalse();
        Is(21, consuming: false, reachable: true).ShouldBeFalse();
        Is(22, consuming: false, reachable: true).ShouldBeTrue();
    }

    [Fact]
    public void A_broker_that_is_away_is_waited_for()
    {
        Is(0, consuming: true, reachable: true).ShouldBeFalse();
        Is(1, consuming: false, reachable: true).ShouldBeFalse();
        Is(30, consuming: false, reachable: false).ShouldBeFalse();
        Is(100, consuming: false, reachable: true).ShouldBeFalse();
        Is(119, consuming: false, reachable: true).ShouldBeFalse();
    }

    [Fact]
    public void Consumers_that_come_back_begin_anew()
    {
        Is(0, consuming: true, reachable: true).ShouldBeFalse();
        Is(1, consuming: false, reachable: true).ShouldBeFalse();
        Is(15, consuming: true, reachable: true).ShouldBeFalse();
        Is(16, consuming: false, reachable: true).ShouldBeFalse();
        Is(30, consuming: false, reachable: true).ShouldBeFalse();
    }

    [Fact]
    public void A_start_may_take_three_times_as_long()
    {
        Is(0, consuming: false, reachable: true).ShouldBeFalse();
        Is(60, consuming: false, reachable: true).ShouldBeFalse();
        Is(61, consuming: false, reachable: true).ShouldBeTrue();
    }

    private bool Is(int second, bool consuming, bool reachable) =>
        patience.IsOver(consuming, reachable, TimeSpan.FromSeconds(second));
}
