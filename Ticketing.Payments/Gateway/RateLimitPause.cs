namespace Ticketing.Payments.Gateway;

/// <summary>
/// Holds background work back for a second whenever Stripe says that calls come too fast (429,
/// https://docs.stripe.com/rate-limits), so that a backlog drains as fast as the limit allows and leaves room for buyers, whose
/// calls do not wait.
/// </summary>
internal sealed class RateLimitPause(TimeProvider clock)
{
    /// <summary>As a timestamp of the clock's.</summary>
    private long until;

    /// <summary>Stripe has just said so.</summary>
    public void Begin() => Interlocked.Exchange(ref until, clock.GetTimestamp() + clock.TimestampFrequency);

    /// <summary>Until background work may go on.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (Interlocked.Read(ref until) - clock.GetTimestamp() is > 0 and var left)
            await Task.Delay(TimeSpan.FromSeconds((double)left / clock.TimestampFrequency), clock, cancellationToken);
    }
}
