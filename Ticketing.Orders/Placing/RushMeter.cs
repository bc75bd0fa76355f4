namespace Ticketing.Orders.Placing;

/// <summary>
/// Notices when more reservations are placed in a moment than the rest of the platform can follow. What is refused makes no work
/// for others. How many wait says less: those that came in are placed so quickly that hardly any waits, while most of the crowd is
/// not read from its sockets yet.
/// </summary>
internal sealed class RushMeter(TimeProvider clock)
{
    /// <summary>So many within <see cref="Moment"/>, 256 a second, are a rush.</summary>
    internal const int Many = 64;

    internal static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(250);

    // When the latest were placed, in turn.
    private readonly long?[] placements = new long?[Many];
    private readonly Lock gate = new();
    private int next;

    public void Placed(int count)
    {
        var now = clock.GetTimestamp();
        lock (gate)
        {
            for (var one = Math.Min(count, Many); one > 0; one--)
            {
                placements[next] = now;
                next = (next + 1) % Many;
            }
        }
    }

    public bool IsRush
    {
        get
        {
            lock (gate)
                return placements[next] is { } earliest && clock.GetElapsedTime(earliest) < Moment;
        }
    }
}
