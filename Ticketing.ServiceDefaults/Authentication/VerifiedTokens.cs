using System.Collections.Concurrent;

namespace Ticketing.ServiceDefaults;

/// <summary>
/// Tokens whose signature was verified, so that it is not computed again with every request: it costs more than the rest of
/// a small request. Nothing else is remembered: times are judged every time, and a token counts as verified only as long as
/// the very key that did it is still published.
/// </summary>
/// <remarks>
/// Two generations: when the younger one is full, it becomes the older one, and what was not used since is forgotten. Safe
/// for any number of threads; a few more than the bound may be kept for a moment.
/// </remarks>
/// <param name="generation">How many tokens one generation has. All together take up about 1.5 KB each.</param>
internal sealed class VerifiedTokens(int generation)
{
    private volatile ConcurrentDictionary<string, Verified> young = new();
    private volatile ConcurrentDictionary<string, Verified> old = new();

    /// <summary>What was verified of this token, if it is remembered.</summary>
    public Verified? Find(string token)
    {
        if (young.TryGetValue(token, out var verified))
            return verified;
        if (old.TryGetValue(token, out verified))
            Add(token, verified);
        return verified;
    }

    public void Add(string token, Verified verified)
    {
        var present = young;
        // Count of a ConcurrentDictionary takes all its locks, but a new token is rare.
        if (present.Count >= generation)
        {
            (old, present) = (present, new());
            young = present;
        }
        present[token] = verified;
    }

    /// <summary>A token's claims, with the key that signed them.</summary>
    internal sealed record Verified(string Kid, VerificationKey Key, JwtClaims Claims);
}
