using Ticketing.ApiDefaults;
using Ticketing.Auth.Sessions;

namespace Ticketing.Auth.Keys;

/// <summary>When a key starts to sign; it signs until the next one starts.</summary>
internal sealed record KeyTimes(string Kid, DateTimeOffset SignsFrom);

/// <summary>What is to be done about the keys now.</summary>
/// <param name="NewKeySignsFrom">When a new key shall start to sign; null if none is needed.</param>
/// <param name="Retired">Names of the keys that no token in use is signed with any more.</param>
internal sealed record KeyPlan(DateTimeOffset? NewKeySignsFrom, IReadOnlyList<string> Retired);

/// <summary>
/// A key is published an hour before it signs, so that every verifier has fetched it by then, and after its time until the
/// last token that it signed has expired. So a change of keys signs nobody out.
/// </summary>
internal static class KeySchedule
{
    public static readonly TimeSpan PublishedBefore = TimeSpan.FromHours(1);

    // A replica that could not read the keys for a while goes on signing with the old one.
    public static readonly TimeSpan PublishedAfter =
        SessionCookieJar.AccessLifetime + SessionToken.Leeway + TimeSpan.FromHours(1);

    /// <param name="keys">All keys, in the order in which they sign.</param>
    /// <param name="now">The time.</param>
    /// <param name="rotation">How long a key signs.</param>
    public static KeyPlan Plan(IReadOnlyList<KeyTimes> keys, DateTimeOffset now, TimeSpan rotation)
    {
        if (keys.Count == 0) return new KeyPlan(now, []);

        var due = keys[^1].SignsFrom + rotation;
        var earliest = now + PublishedBefore;
        DateTimeOffset? next = due > earliest ? null : earliest;
        var retired = keys.Zip(keys.Skip(1))
            .Where(pair => pair.Second.SignsFrom + PublishedAfter <= now)
            .Select(pair => pair.First.Kid);
        return new KeyPlan(next, [.. retired]);
    }

    /// <summary>
    /// The key that signs now: the latest whose time has come. By the clock of a replica that is late, the first one.
    /// </summary>
    public static T Current<T>(IReadOnlyList<T> keys, Func<T, DateTimeOffset> signsFrom, DateTimeOffset now) =>
        keys.LastOrDefault(key => signsFrom(key) <= now) ?? keys[0];
}
