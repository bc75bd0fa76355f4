using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Ticketing.ServiceDefaults;

/// <summary>
/// Follows so many new traces a second from their beginning; all services then follow the same ones to their end. On a
/// quiet day that is every request, in a rush a fair part of them, and what tracing costs has a bound.
/// </summary>
/// <remarks>
/// A call of ours to a server that belongs to no trace is housekeeping, such as the look into an empty outbox, and is not
/// followed at all. For whoever wants another rule there is OpenTelemetry's <c>OTEL_TRACES_SAMPLER</c>.
/// </remarks>
/// <param name="perSecond">How many.</param>
/// <param name="clock">Tells the seconds.</param>
internal sealed class TraceSampler(int perSecond, TimeProvider clock) : Sampler
{
    private static readonly SamplingResult Followed = new(SamplingDecision.RecordAndSample);
    private static readonly SamplingResult Dropped = new(SamplingDecision.Drop);

    private long second;
    private int begun;

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        if (samplingParameters.Kind == ActivityKind.Client)
            return Dropped;
        // Without a lock: at the turn of a second a few more may get through.
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        if (Interlocked.Exchange(ref second, now) != now)
            Volatile.Write(ref begun, 0);
        return Volatile.Read(ref begun) < perSecond && Interlocked.Increment(ref begun) <= perSecond ? Followed : Dropped;
    }
}
