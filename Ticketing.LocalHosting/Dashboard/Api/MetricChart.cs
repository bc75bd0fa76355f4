using Ticketing.LocalHosting.Dashboard.Store;

namespace Ticketing.LocalHosting.Dashboard.Api;

/// <summary>
/// An instrument as lines over time: of a gauge or an up-and-down sum its values, of a counter its rate, of a histogram the
/// 50th, 90th and 99th percentile of what all the chosen sets of attributes measured.
/// </summary>
/// <param name="Unit">Of the lines' values.</param>
/// <param name="Dimensions">The attributes that it has, and their values.</param>
/// <param name="Left">How many lines there are besides those that are shown.</param>
internal sealed record MetricChart(
    string Kind, string Unit, string Description, IReadOnlyList<MetricChart.Line> Lines, int Left,
    IReadOnlyList<MetricChart.Dimension> Dimensions, IReadOnlyList<MetricChart.Dot> Exemplars, double From, double To)
{
    private const int MostLines = 12;
    private const int MostDots = 100;

    public static MetricChart? Of(MetricStore metrics, Question question, int seconds)
    {
        List<MetricSeries> all = [.. metrics.All.Where(question.IsAbout)];
        if (all.Count == 0)
            return null;
        List<MetricSeries> chosen = [.. all.Where(question.Chooses)];
        var instrument = all[0].Instrument;
        var to = all.Max(series => series.Points[^1].Time);
        var from = to - (seconds * 1_000_000_000L);
        List<Line> lines = instrument.Kind == InstrumentKind.Histogram
            ? Percentiles.Of(chosen, from)
            : [.. chosen.Select(series => new Line(NameOf(series), Values.Of(series, from))).Where(line => line.Points.Count > 0)];
        return new(
            instrument.Kind.ToString(),
            instrument.Kind == InstrumentKind.Counter ? $"{instrument.Unit}/s" : instrument.Unit,
            instrument.Description,
            // The greatest matter most.
            [.. lines.OrderByDescending(line => instrument.Kind == InstrumentKind.Histogram ? 0 : line.Last).Take(MostLines)],
            Math.Max(0, lines.Count - MostLines),
            DimensionsOf(all),
            DotsOf(chosen, from),
            from.Milliseconds(),
            to.Milliseconds());
    }

    private static string NameOf(MetricSeries series) => series.Attributes.Count == 0
        ? series.Instrument.Name
        : string.Join(", ", series.Attributes.Select(attribute => attribute.ToString()));

    private static IReadOnlyList<Dimension> DimensionsOf(List<MetricSeries> all) =>
    [
        .. all.SelectMany(series => series.Attributes).GroupBy(attribute => attribute.Key).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new Dimension(group.Key, [.. group.Select(attribute => attribute.Value).Distinct().Order(StringComparer.Ordinal)])),
    ];

    private static IReadOnlyList<Dot> DotsOf(List<MetricSeries> chosen, long from) =>
    [
        .. chosen.SelectMany(series => series.Exemplars).Where(exemplar => exemplar.Time > from)
            .OrderByDescending(exemplar => exemplar.Time).Take(MostDots)
            .Select(exemplar => new Dot(exemplar.Time.Milliseconds(), exemplar.Value, exemplar.TraceId.Hex(), exemplar.SpanId.Hex())),
    ];

    /// <param name="Where">Conditions <c>key=value</c>, which must all hold.</param>
    internal sealed record Question(string Resource, string Meter, string Name, IReadOnlyList<string> Where)
    {
        public bool IsAbout(MetricSeries series) =>
            series.Source == Resource && series.Instrument.Meter == Meter && series.Instrument.Name == Name;

        public bool Chooses(MetricSeries series) =>
            Where.All(condition => series.Attributes.Any(attribute => $"{attribute.Key}={attribute.Value}" == condition));
    }

    /// <summary>Points of time (milliseconds since 1970) and value.</summary>
    internal sealed record Line(string Name, IReadOnlyList<double[]> Points)
    {
        internal double Last => Points.Count > 0 ? Points[^1][1] : double.MinValue;
    }

    internal sealed record Dimension(string Key, IReadOnlyList<string> Values);

    internal sealed record Dot(double Time, double Value, string Trace, string Span);
}
