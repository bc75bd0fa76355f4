namespace Ticketing.Web.WaitingRoom;

/// <summary>How somebody stands with a listing's waiting room.</summary>
internal enum Standing
{
    /// <summary>They neither wait nor are admitted.</summary>
    Absent = 0,

    /// <summary>They wait for their turn.</summary>
    Waiting = 1,

    /// <summary>It is their turn: they may place one order.</summary>
    Admitted = 2,

    /// <summary>As many wait as ever may.</summary>
    Full = 3,

    /// <summary>They passed with this idempotency key before: it is the same order.</summary>
    Repeated = 4,

    /// <summary>There is no room, or nobody can tell now: everybody may order.</summary>
    Open = 5,
}

/// <summary>Somebody's place.</summary>
/// <param name="Standing">How they stand.</param>
/// <param name="Position">From 1; only while they wait.</param>
/// <param name="Wait">Until their likely turn; only while they wait.</param>
/// <param name="Until">The end of their admission; only if they are admitted.</param>
internal sealed record Place(Standing Standing, long Position = 0, TimeSpan Wait = default, DateTimeOffset Until = default)
{
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    public static Place Open { get; } = new(Standing.Open);

    /// <summary>Whether they cannot order now.</summary>
    public bool MustWait => Standing is Standing.Waiting or Standing.Full;

    /// <summary>When to ask again: at the likely turn, and often enough not to be taken for gone.</summary>
    public TimeSpan RetryAfter => Wait < LongestRetry && Standing == Standing.Waiting ? Wait : LongestRetry;
}
