using Ticketing.LocalHosting.Dashboard.Store;

namespace Ticketing.LocalHosting.Dashboard.Api;

/// <summary>The points of a series that is no histogram, as time (milliseconds) and value, or, of a counter, value per second.</summary>
internal static class Values
{
    public static IReadOnlyList<double[]> Of(MetricSeries series, long from)
    {
        var points = new List<double[]>();
        for (var i = 0; i < series.Points.Count; i++)
        {
            var point = series.Points[i];
            if (point.Time < from)
                continue;
            if (series.Instrument.Kind != InstrumentKind.Counter)
                points.Add([point.Time.Milliseconds(), point.Value]);
            else if (i > 0 && point.Time > series.Points[i - 1].Time)
                points.Add([point.Time.Milliseconds(), Rate(series, series.Points[i - 1], point)]);
        }

        return points;
    }

    private static double Rate(MetricSeries series, SeriesPoint before, SeriesPoint point)
    {
        // Less than before: the process was started again and counts from 0.
        var grown = series.Instrument.IsDelta || point.Value < before.Value ? point.Value : point.Value - before.Value;
        return grown / ((point.Time - before.Time) / 1e9);
    }
}
