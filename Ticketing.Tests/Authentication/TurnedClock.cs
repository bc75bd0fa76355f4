namespace Ticketing.Tests.Authentication;

/// <summary>A clock that stands still until a test turns it.</summary>
internal sealed class TurnedClock(DateTimeOffset start) : TimeProvider
{
    private long ticks = start.UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref ticks);

    public void Turn(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
}
