using Ticketing.LocalHosting.Engine;

namespace Ticketing.LocalHosting.Dashboard.Store;

/// <summary>All telemetry that is kept: the newest, in bounded memory. Thread-safe.</summary>
internal sealed class TelemetryStore
{
    private readonly Lock access = new();
    private readonly TraceStore traces;
    private readonly LogStore logs;
    private readonly MetricStore metrics;
    private long version;

    public TelemetryStore(TelemetryLimits? limits = null)
    {
        limits ??= new();
        traces = new(limits.Spans, limits.SpanBytes);
        logs = new(limits.LogRecords, limits.LogBytes);
        metrics = new(limits.Series, limits.PointsPerSeries);
    }

    /// <summary>Something arrived.</summary>
    public ChangeSignal Changes { get; } = new();

    /// <summary>Grows with every arrival.</summary>
    public long Version => Volatile.Read(ref version);

    public void Add(List<Span> spans) => Change(() =>
    {
        foreach (var span in spans)
            traces.Add(span);
        return 0;
    });

    public void Add(List<LogRecord> records) => Change(() =>
    {
        foreach (var record in records)
            logs.Add(record);
        return 0;
    });

    /// <returns>How many points found no room.</returns>
    public int Add(List<MetricPoint> points) => Change(() => points.Count(point => !metrics.TryAdd(point)));

    /// <summary>Looks at traces while nothing arrives; take with you what is needed later.</summary>
    public T Read<T>(Func<TraceStore, LogStore, T> look)
    {
        lock (access)
            return look(traces, logs);
    }

    /// <inheritdoc cref="Read{T}(Func{TraceStore, LogStore, T})"/>
    public T Read<T>(Func<MetricStore, T> look)
    {
        lock (access)
            return look(metrics);
    }

    private int Change(Func<int> change)
    {
        int result;
        lock (access)
        {
            result = change();
            version++;
        }

        Changes.Set();
        return result;
    }
}

/// <summary>How much is kept. Bytes are those on the wire; in memory they are about twice as many.</summary>
internal sealed record TelemetryLimits
{
    public int Spans { get; init; } = 100_000;

    public long SpanBytes { get; init; } = 128L * 1024 * 1024;

    public int LogRecords { get; init; } = 50_000;

    public long LogBytes { get; init; } = 64L * 1024 * 1024;

    public int Series { get; init; } = 4000;

    /// <summary>10 minutes at one point in 2 s.</summary>
    public int PointsPerSeries { get; init; } = 300;
}
