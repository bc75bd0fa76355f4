using StackExchange.Redis;
using Ticketing.ServiceDefaults;

namespace Ticketing.Web.WaitingRoom;

/// <summary>
/// The time that counts in waiting rooms: this process's clock, less the silences. A silence is a time in which nobody could be
/// heard, since Redis or all of the site was away. Without that, an outage of a minute would cost everybody their place.
/// </summary>
/// <remarks>
/// Every replica says once a second that it is there (<see cref="QueueWatch"/>); where nobody has for <see cref="Longest"/>, Redis
/// adds that time to the silences. They are shared: a replica asks before it looks at a room, unless it has just been there.
/// </remarks>
internal sealed class RoomClock(IConnectionMultiplexer redis, TimeProvider time)
{
    /// <summary>How long nobody may say anything before it is a silence. More than replicas' clocks differ by.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>For how long what Redis said holds. Less than <see cref="Longest"/>, so that no silence is overlooked.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private static readonly string Script = EmbeddedText.Read(typeof(RoomClock).Assembly, "silence.lua");

    private volatile Reading? last;

    /// <summary>Unix milliseconds of rooms, and by how many the clock is ahead of them.</summary>
    public async Task<(long Now, long Ahead)> NowAsync()
    {
        var known = last;
        if (known is null || time.GetUtcNow() - known.At is var age && (age >= Fresh || age < TimeSpan.Zero))
            known = await SayHereAsync();
        return (time.GetUtcNow().ToUnixTimeMilliseconds() - known.Silence, known.Silence);
    }

    /// <summary>Says that the site is there.</summary>
    public async Task<Reading> SayHereAsync()
    {
        var now = time.GetUtcNow();
        var silence = await redis.GetDatabase().ScriptEvaluateAsync(
            Script, ["waiting-rooms:silence"], [now.ToUnixTimeMilliseconds(), (long)Longest.TotalMilliseconds], CommandFlags.NoScriptCache)
            .WaitAsync(TimeLimits.Redis);
        return last = new Reading(now, (long)silence);
    }

    /// <summary>What Redis said.</summary>
    /// <param name="At">When it was asked.</param>
    /// <param name="Silence">All silences together, in milliseconds.</param>
    internal sealed record Reading(DateTimeOffset At, long Silence);
}
