namespace Ticketing.LocalHosting.Engine;

/// <summary>A line that a process wrote.</summary>
/// <param name="Id">Grows by one from line to line, over all resources.</param>
/// <param name="Level"><c>error</c>, <c>warning</c>, <c>information</c> or <c>debug</c>.</param>
internal sealed record ConsoleLine(long Id, DateTimeOffset Time, string Resource, string Level, string Text);

/// <summary>The last lines of each resource, for the dashboard.</summary>
internal sealed class ConsoleHistory
{
    /// <summary>How many lines of each resource are kept.</summary>
    public const int LinesKept = 5000;

    private const int LongestLine = 8192;

    private readonly Lock writing = new();
    private readonly Dictionary<string, Ring<ConsoleLine>> lines = [];

    // A page that was open while the AppHost was started again asks for what is newer than what it has seen.
    private long last = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A line was added.</summary>
    public ChangeSignal Changes { get; } = new();

    public void Add(string resource, string text)
    {
        text = ConsoleText.Clean(text.Length > LongestLine ? text[..LongestLine] : text);
        lock (writing)
        {
            if (!lines.TryGetValue(resource, out var ring))
                lines[resource] = ring = new(LinesKept);
            // A line that goes on with the one before (a message below its category, a stack trace) is of its level.
            var level = ConsoleText.LevelOf(text) ?? (ring.Count > 0 && text.StartsWith(' ') ? ring[^1].Level : "information");
            ring.Add(new(++last, TimeProvider.System.GetUtcNow(), resource, level, text));
        }

        Changes.Set();
    }

    /// <summary>The lines after one of them, oldest first.</summary>
    /// <param name="after">An id; 0 for all.</param>
    /// <param name="resource">Null for every resource.</param>
    /// <param name="atMost">The newest of them if there are more.</param>
    public IReadOnlyList<ConsoleLine> After(long after, string? resource, int atMost = int.MaxValue)
    {
        lock (writing)
        {
            if (resource is not null)
                return lines.TryGetValue(resource, out var one) ? [.. Newest(one, after).Take(atMost).Reverse()] : [];
            return [.. lines.Values.SelectMany(ring => Newest(ring, after).Take(atMost))
                .OrderByDescending(line => line.Id).Take(atMost).Reverse()];
        }
    }

    private static IEnumerable<ConsoleLine> Newest(Ring<ConsoleLine> ring, long after)
    {
        for (var i = ring.Count - 1; i >= 0 && ring[i].Id > after; i--)
            yield return ring[i];
    }
}
