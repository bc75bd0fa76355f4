namespace Ticketing.Messaging;

/// <summary>How long consumers may be away from a broker that can be reached. Not for several threads.</summary>
/// <param name="limit">From when on they do not come back by themselves.</param>
internal sealed class ConsumerPatience(TimeSpan limit)
{
    /// <summary>A start on a busy machine takes longer than coming back.</summary>
    private const int StartFactor = 3;

    private bool everConsumed;
    private TimeSpan? awaySince;

    /// <summary>Whether it is over.</summary>
    /// <param name="consuming">Whether the consumers are there.</param>
    /// <param name="reachable">Whether the broker is.</param>
    /// <param name="now">When that was seen, by a clock that nobody sets.</param>
    public bool IsOver(bool consuming, bool reachable, TimeSpan now)
    {
        everConsumed |= consuming;
        if (consuming || !reachable)
            awaySince = null;
        else
            awaySince ??= now;
        return now - awaySince > (everConsumed ? limit : limit * StartFactor);
    }
}
