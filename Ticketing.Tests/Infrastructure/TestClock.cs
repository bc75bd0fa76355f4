namespace Ticketing.Tests.Infrastructure;

/// <summary>The real clock, until a test turns it on. Timers run in real time; only what time it is changes.</summary>
internal sealed class TestClock : TimeProvider
{
    private long aheadTicks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref aheadTicks));

    public void Turn(TimeSpan by) => Interlocked.Add(ref aheadTicks, by.Ticks);
}
