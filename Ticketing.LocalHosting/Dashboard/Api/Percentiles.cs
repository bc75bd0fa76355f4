using Ticketing.LocalHosting.Dashboard.Store;

namespace Ticketing.LocalHosting.Dashboard.Api;

/// <summary>
/// Percentiles over time of what histograms counted, all together. Within a bucket values are taken to be spread evenly, as
/// Prometheus' <c>histogram_quantile</c> has it; above the last bound, to be at it.
/// </summary>
internal static class Percentiles
{
    /// <summary>Each point is of what was counted in so many nanoseconds before it: fewer are hardly a percentile.</summary>
    private const long Window = 10_000_000_000;

    private static readonly (string Name, double Fraction)[] Shown = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)];

    public static List<MetricChart.Line> Of(IReadOnlyList<MetricSeries> chosen, long from)
    {
        if (chosen.Count == 0)
            return [];
        // Instruments have one list of bounds; one that changed them on the way shows what it counts now.
        var bounds = chosen[^1].Bounds;
        var counts = new SortedList<long, long[]>();
        foreach (var series in chosen.Where(series => series.Bounds.AsSpan().SequenceEqual(bounds)))
            Count(series, counts, bounds.Length + 1);

        List<List<double[]>> lines = [.. Shown.Select(_ => new List<double[]>())];
        var sum = new long[bounds.Length + 1];
        var first = 0;
        for (var i = 0; i < counts.Count; i++)
        {
            Add(sum, counts.Values[i], 1);
            for (; counts.Keys[first] <= counts.Keys[i] - Window; first++)
                Add(sum, counts.Values[first], -1);
            if (counts.Keys[i] < from || sum.Sum() == 0)
                continue;
            for (var line = 0; line < Shown.Length; line++)
                lines[line].Add([counts.Keys[i].Milliseconds(), At(Shown[line].Fraction, sum, bounds)]);
        }

        return [.. Shown.Select((shown, i) => new MetricChart.Line(shown.Name, lines[i]))];
    }

    /// <summary>The value below which this part of the counted lies.</summary>
    public static double At(double fraction, long[] counts, double[] bounds)
    {
        var rank = fraction * counts.Sum();
        var below = 0L;
        for (var i = 0; i < bounds.Length; i++)
        {
            if (below + counts[i] >= rank && counts[i] > 0)
            {
                var lower = i == 0 ? Math.Min(0, bounds[0]) : bounds[i - 1];
                return lower + ((bounds[i] - lower) * (rank - below) / counts[i]);
            }

            below += counts[i];
        }

        return bounds.Length > 0 ? bounds[^1] : 0;
    }

    /// <summary>Adds, for each point's time, what was counted since the point before.</summary>
    private static void Count(MetricSeries series, SortedList<long, long[]> counts, int buckets)
    {
        long[] before = series.CountsFromZero || series.Instrument.IsDelta ? new long[buckets] : [];
        foreach (var point in series.Points)
        {
            if (point.Buckets.Length != buckets)
                continue;
            if (!counts.TryGetValue(point.Time, out var sum))
                counts[point.Time] = sum = new long[buckets];
            if (before.Length > 0)
            {
                Add(sum, point.Buckets, 1);
                // A process that was started again counts from 0.
                if (!series.Instrument.IsDelta && point.Buckets.Sum() >= before.Sum())
                    Add(sum, before, -1);
            }

            before = point.Buckets;
        }
    }

    private static void Add(long[] sum, long[] counts, int times)
    {
        for (var i = 0; i < sum.Length; i++)
            sum[i] += times * counts[i];
    }
}
