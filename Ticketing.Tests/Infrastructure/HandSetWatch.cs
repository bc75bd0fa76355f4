namespace Ticketing.Tests.Infrastructure;

/// <summary>A watch on which time passes only when a test says so. What date it is it does not know.</summary>
internal sealed class HandSetWatch : TimeProvider
{
    private long now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref now);

    public void Pass(TimeSpan time) => Interlocked.Add(ref now, time.Ticks);
}
