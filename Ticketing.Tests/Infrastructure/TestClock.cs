namespace Ticketing.Tests.Infrastructure;

/// <summary>The real clock, until a test turns it on or stops it. Timers run in real time; only what time it is changes.</summary>
internal sealed class TestClock : TimeProvider
{
    private long aheadTicks;
    private DateTimeOffset? stopped;

    public override DateTimeOffset GetUtcNow() =>
        (stopped ?? base.GetUtcNow()).AddTicks(Interlocked.Read(ref aheadTicks));

    public void Turn(TimeSpan by) => Interlocked.Add(ref aheadTicks, by.Ticks);

    /// <summary>From now on, which is a whole second, time passes only when it is turned. Before any service starts.</summary>
    public void Stop() => stopped = DateTimeOffset.FromUnixTimeSeconds(base.GetUtcNow().ToUnixTimeSeconds());
}
