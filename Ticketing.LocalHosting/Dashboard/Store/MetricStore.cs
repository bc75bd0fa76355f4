using Ticketing.LocalHosting.Engine;

namespace Ticketing.LocalHosting.Dashboard.Store;

/// <summary>
/// The newest points of each series: of an instrument of a process with one set of attributes. When there is no room for one
/// more, series that have ended make place. Not thread-safe.
/// </summary>
internal sealed class MetricStore(int mostSeries, int pointsPerSeries)
{
    private const long Ended = 600_000_000_000;

    private const long Fresh = 30_000_000_000;

    private readonly Dictionary<SeriesKey, MetricSeries> all = [];
    private readonly Dictionary<string, long> firstSeen = [];
    private long looked;

    public IEnumerable<MetricSeries> All => all.Values;

    /// <returns>Whether there was room.</returns>
    public bool TryAdd(MetricPoint point)
    {
        var key = new SeriesKey(
            point.Source.Name, point.Instrument.Meter, point.Instrument.Name,
            string.Join('\n', point.Attributes.Select(attribute => $"{attribute.Key}={attribute.Value}").Order(StringComparer.Ordinal)));
        if (!all.TryGetValue(key, out var series))
        {
            if (all.Count >= mostSeries && !MakeRoom(point.Time))
                return false;
            // A set of attributes that appears for the first time has counted from 0 since the export before; only of a sender
            // that ran long before anything was received is it not known when it counted what it tells.
            var known = firstSeen.TryGetValue(key.Source, out var first) && point.Time > first;
            firstSeen.TryAdd(key.Source, point.Time);
            all[key] = series = new(point, pointsPerSeries, countsFromZero: known || point.Time - point.Begin < Fresh);
        }

        series.Add(point);
        return true;
    }

    private bool MakeRoom(long now)
    {
        // Not for each of many points that find no room.
        if (now - looked < Ended / 60)
            return false;
        looked = now;
        foreach (var (key, _) in all.Where(entry => now - entry.Value.Points[^1].Time > Ended).ToList())
            all.Remove(key);
        foreach (var source in firstSeen.Keys.Except(all.Keys.Select(key => key.Source)).ToList())
            firstSeen.Remove(source);
        return all.Count < mostSeries;
    }

    private readonly record struct SeriesKey(string Source, string Meter, string Instrument, string Attributes);
}

/// <summary>The last points of an instrument with one set of attributes, and the exemplars among them.</summary>
internal sealed class MetricSeries(MetricPoint first, int mostPoints, bool countsFromZero)
{
    private const int MostExemplars = 50;

    public string Source => first.Source.Name;

    public Instrument Instrument { get; private set; } = first.Instrument;

    public IReadOnlyList<TelemetryAttribute> Attributes => first.Attributes;

    /// <summary>Whether what the first point tells was counted shortly before it.</summary>
    public bool CountsFromZero { get; private set; } = countsFromZero;

    public Ring<SeriesPoint> Points { get; } = new(mostPoints);

    public Ring<Exemplar> Exemplars { get; } = new(MostExemplars);

    public double[] Bounds { get; private set; } = first.Bounds;

    public void Add(MetricPoint point)
    {
        Instrument = point.Instrument;
        var last = Points.Count > 0 ? Points[^1] : default;
        // Most of the time nothing happens: then the counts of the buckets are shared.
        var buckets = !Instrument.IsDelta && last.Count == point.Count && last.Buckets is not null ? last.Buckets : point.Buckets;
        if (!Bounds.AsSpan().SequenceEqual(point.Bounds))
            Bounds = point.Bounds;
        CountsFromZero &= Points.Count < mostPoints;
        Points.Add(new(point.Time, point.Value, point.Count, buckets));
        foreach (var exemplar in point.Exemplars)
        {
            if (exemplar.TraceId != default && !Exemplars.Contains(exemplar))
                Exemplars.Add(exemplar);
        }
    }
}

/// <summary>A value at a time; of a histogram also the count and the counts of the buckets.</summary>
internal readonly record struct SeriesPoint(long Time, double Value, long Count, long[] Buckets);
