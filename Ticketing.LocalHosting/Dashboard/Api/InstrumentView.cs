using Ticketing.LocalHosting.Dashboard.Store;

namespace Ticketing.LocalHosting.Dashboard.Api;

/// <summary>An instrument of a process that has told something.</summary>
/// <param name="Series">How many sets of attributes it has.</param>
internal sealed record InstrumentView(string Resource, string Meter, string Name, string Unit, string Description, string Kind, int Series)
{
    public static IReadOnlyList<InstrumentView> All(MetricStore metrics) =>
    [
        .. metrics.All.GroupBy(series => (series.Source, series.Instrument.Meter, series.Instrument.Name))
            .OrderBy(group => group.Key.Source, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Meter, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Name, StringComparer.Ordinal)
            .Select(group => (group.Key.Source, group.First().Instrument, Count: group.Count()))
            .Select(item => new InstrumentView(
                item.Source, item.Instrument.Meter, item.Instrument.Name, item.Instrument.Unit, item.Instrument.Description,
                item.Instrument.Kind.ToString(), item.Count)),
    ];
}
