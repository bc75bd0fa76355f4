using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Ticketing.Orders.Placing;
using Xunit;

namespace Ticketing.Tests.Orders.Placing;

/// <summary>When a line is closed; what becomes of those who got in is in <see cref="GroupCommitTests"/>.</summary>
public sealed class FairQueueTests
{
    private static readonly TimeSpan Most = TimeSpan.FromMilliseconds(400);

    private readonly FakeTimeProvider time = new();

    [Fact]
    public async Task Where_the_first_of_a_crowd_has_waited_too_long_nobody_joins()
    {
        var queue = Queue(crowd: 2);
        Join(queue, 'a').ShouldBeTrue();
        // While somebody works on it, the line has no turn to wait for.
        var hand = await queue.TakeAsync(most: 1, CancellationToken.None);
        Join(queue, 'a').ShouldBeTrue();
        time.Advance(Most + TimeSpan.FromTicks(1));
        Join(queue, 'a').ShouldBeTrue("one is no crowd, however long he waits");

        Join(queue, 'a').ShouldBeFalse();
        queue.IsClosed('a').ShouldBeTrue();
        queue.IsClosed('b').ShouldBeFalse("nobody waits for that");
        Join(queue, 'b').ShouldBeTrue();
        hand.ShouldNotBeNull().Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Just_in_time_is_in_time()
    {
        var queue = Queue(crowd: 1);
        Join(queue, 'a').ShouldBeTrue();
        await queue.TakeAsync(most: 1, CancellationToken.None);
        Join(queue, 'a').ShouldBeTrue();

        time.Advance(Most);
        Join(queue, 'a').ShouldBeTrue();
        time.Advance(TimeSpan.FromTicks(1));
        Join(queue, 'a').ShouldBeFalse();
    }

    [Fact]
    public void When_no_line_gets_its_turn_in_time_all_are_closed_new_ones_too()
    {
        var queue = Queue(crowd: 2);
        Join(queue, 'a').ShouldBeTrue();
        time.Advance(Most + TimeSpan.FromTicks(1));
        Join(queue, 'b').ShouldBeTrue("one is no crowd");

        Join(queue, 'c').ShouldBeFalse();
        queue.IsClosed('c').ShouldBeTrue();
    }

    private FairQueue<char, long> Queue(int crowd) =>
        new(capacity: 100, capacityPerKey: 100, crowd, Most, since => since, time);

    private bool Join(FairQueue<char, long> queue, char key) => queue.TryAdd(key, time.GetTimestamp());
}
