using System.Collections.Concurrent;

namespace Ticketing.Web.Live;

/// <summary>What open pages show, and how many of them. Safe for any number of threads.</summary>
internal sealed class Watchers<TKey>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, int> counts = new();

    /// <summary>All that is shown now.</summary>
    public ICollection<TKey> Keys => counts.Keys;

    public bool Contains(TKey key) => counts.ContainsKey(key);

    /// <summary>One more page shows it.</summary>
    public void Begin(TKey key) => counts.AddOrUpdate(key, 1, (_, count) => count + 1);

    /// <summary>One page less shows it; true if it was the last.</summary>
    public bool End(TKey key)
    {
        var left = counts.AddOrUpdate(key, 0, (_, count) => count - 1);
        // Only the pair that says "nobody" is removed, so that one who came at the same time is not lost.
        return left <= 0 && counts.TryRemove(KeyValuePair.Create(key, left));
    }
}
