namespace Ticketing.LocalHosting.Dashboard.Store;

/// <summary>The newest log records in the order of their arrival, also by trace. Not thread-safe.</summary>
internal sealed class LogStore(int mostRecords, long mostBytes)
{
    private readonly LinkedList<LogRecord> records = [];
    private readonly Dictionary<UInt128, Queue<LogRecord>> byTrace = [];
    private long bytes;
    private long last;

    public int Count => records.Count;

    public IEnumerable<LogRecord> NewestFirst
    {
        get
        {
            for (var node = records.Last; node is not null; node = node.Previous)
                yield return node.Value;
        }
    }

    public IEnumerable<LogRecord> Of(UInt128 trace) => byTrace.TryGetValue(trace, out var found) ? found : [];

    public void Add(LogRecord record)
    {
        record.Id = ++last;
        records.AddLast(record);
        bytes += record.Size;
        if (record.TraceId != default)
        {
            if (!byTrace.TryGetValue(record.TraceId, out var of))
                byTrace[record.TraceId] = of = [];
            of.Enqueue(record);
        }

        while (records.Count > mostRecords || bytes > mostBytes)
            Drop(records.First!.Value);
    }

    // The oldest of all is also the oldest of its trace.
    private void Drop(LogRecord oldest)
    {
        records.RemoveFirst();
        bytes -= oldest.Size;
        if (oldest.TraceId == default)
            return;
        var of = byTrace[oldest.TraceId];
        of.Dequeue();
        if (of.Count == 0)
            byTrace.Remove(oldest.TraceId);
    }
}
