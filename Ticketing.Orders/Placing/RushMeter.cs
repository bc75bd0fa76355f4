namespace Ticketing.Orders.Placing;

/// <summary>
/// Notices when more reservations come in a moment than the rest of the platform can follow. How many wait says less: those
/// that came in are placed so quickly that hardly any waits, while most of the crowd is not read from its sockets yet.
/// </summary>
internal sealed class RushMeter(TimeProvider clock)
{
    /// <summary>So many within <see cref="Moment"/>, 256 a second, are a rush.</summary>
    internal const int Many = 64;

    internal static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(250);

    // When the latest came, in turn.
    private readonly long?[] arrivals = new long?[Many];
    private readonly Lock gate = new();
    private int next;

    public void Arrived()
    {
        lock (gate)
        {
            arrivals[next] = clock.GetTimestamp();
            next = (next + 1) % Many;
        }
    }

    public bool IsRush
    {
        get
        {
            lock (gate)
                return arrivals[next] is { } earliest && clock.GetElapsedTime(earliest) < Moment;
        }
    }
}
