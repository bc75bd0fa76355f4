using Microsoft.Extensions.Options;
using Shouldly;
using Ticketing.ServiceDefaults;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.ServiceDefaults;

public sealed class RetentionTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 30, 12, 0, 0, 1, TimeSpan.Zero);

    [Fact]
    public void The_ids_of_a_moment_are_not_before_its_first_and_all_of_them_before_the_next_ones()
    {
        var (first, next) = (Retention.FirstIdOf(Time), Retention.FirstIdOf(Time.AddMilliseconds(1)));

        for (var i = 0; i < 1_000; i++)
        {
            var id = Guid.CreateVersion7(Time);
            id.ShouldBeGreaterThan(first);
            id.ShouldBeLessThan(next);
        }
        // As PostgreSQL compares them: byte by byte, in this order.
        string.CompareOrdinal(first.ToString(), next.ToString()).ShouldBeLessThan(0);
    }

    [Fact]
    public void Nothing_is_forgotten_that_would_still_be_heeded()
    {
        var clock = new TestClock();
        clock.Stop();
        var retention = new Retention(Options.Create(new RetentionOptions()), clock);

        retention.FirstHeeded.ShouldBe(Retention.FirstIdOf(clock.GetUtcNow().AddDays(-30)));
        retention.FirstKept.ShouldBeLessThan(retention.FirstHeeded);
        retention.FirstKeptOfBegun.ShouldBe(Retention.FirstIdOf(clock.GetUtcNow().AddDays(-60).AddHours(-1)));
    }
}
