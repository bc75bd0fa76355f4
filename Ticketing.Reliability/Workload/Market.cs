namespace Ticketing.Reliability;

/// <summary>What is for sale, as the workload remembers it. Bounded: old listings are forgotten.</summary>
internal sealed class Market
{
    private const int Remembered = 200;

    private readonly Lock guard = new();
    private readonly List<Guid> listings = [];

    public void Add(Guid listing)
    {
        lock (guard)
        {
            if (listings.Count == Remembered)
                listings.RemoveAt(0);
            listings.Add(listing);
        }
    }

    /// <summary>One of them, more likely a new one; null when there is none yet.</summary>
    public Guid? Pick(Random random)
    {
        lock (guard)
        {
            return listings.Count == 0 ? null : listings[Math.Max(random.Next(listings.Count), random.Next(listings.Count))];
        }
    }
}
