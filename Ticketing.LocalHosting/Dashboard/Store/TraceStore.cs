namespace Ticketing.LocalHosting.Dashboard.Store;

/// <summary>
/// Traces by id, in the order of their first span's arrival; when there are too many spans, the oldest traces go. Adding costs
/// the same however many there are. Not thread-safe.
/// </summary>
internal sealed class TraceStore(int mostSpans, long mostBytes)
{
    private readonly Dictionary<UInt128, Trace> byId = [];
    private readonly LinkedList<Trace> byAge = [];
    private long bytes;

    /// <summary>How many spans are kept.</summary>
    public int Count { get; private set; }

    /// <summary>From the newest to the oldest.</summary>
    public IEnumerable<Trace> NewestFirst
    {
        get
        {
            for (var node = byAge.Last; node is not null; node = node.Previous)
                yield return node.Value;
        }
    }

    public Trace? Find(UInt128 id) => byId.GetValueOrDefault(id);

    public void Add(Span span)
    {
        if (!byId.TryGetValue(span.TraceId, out var trace))
        {
            byId[span.TraceId] = trace = new(span.TraceId);
            byAge.AddLast(trace);
        }

        trace.Add(span);
        Count++;
        bytes += span.Size;
        while (Count > mostSpans || bytes > mostBytes)
            Drop(byAge.First!.Value);
    }

    private void Drop(Trace oldest)
    {
        byAge.RemoveFirst();
        byId.Remove(oldest.Id);
        Count -= oldest.Spans.Count;
        bytes -= oldest.Bytes;
    }
}

/// <summary>What belongs together, as far as it has arrived.</summary>
internal sealed class Trace(UInt128 id)
{
    private readonly List<Span> spans = [];
    private readonly HashSet<string> sources = [];

    public UInt128 Id => id;

    public IReadOnlyList<Span> Spans => spans;

    public IReadOnlyCollection<string> Sources => sources;

    public long Start { get; private set; } = long.MaxValue;

    public long End { get; private set; }

    public int Errors { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>The span that it began with: the first of those without a parent, else the first of all.</summary>
    public Span Root { get; private set; } = null!;

    public void Add(Span span)
    {
        spans.Add(span);
        sources.Add(span.Source.Name);
        Bytes += span.Size;
        Start = Math.Min(Start, span.Start);
        End = Math.Max(End, span.End);
        if (span.IsError)
            Errors++;
        if (Root is null || (span.ParentId == 0, -span.Start).CompareTo((Root.ParentId == 0, -Root.Start)) > 0)
            Root = span;
    }
}
