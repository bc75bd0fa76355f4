using Ticketing.LocalHosting.Dashboard.Store;

namespace Ticketing.LocalHosting.Dashboard.Api;

/// <summary>The newest log records that a filter lets through, newest first.</summary>
/// <param name="Total">How many records are kept in all.</param>
/// <param name="More">Whether there are older ones.</param>
internal sealed record LogList(IReadOnlyList<LogList.Item> Items, int Total, bool More)
{
    public static LogList Of(LogStore logs, Filter filter, int limit)
    {
        var source = filter.Trace is { } trace ? logs.Of(trace).Reverse() : logs.NewestFirst;
        var found = source.Where(filter.Admits).Take(limit + 1).Select(Item.Of).ToList();
        return new([.. found.Take(limit)], logs.Count, found.Count > limit);
    }

    internal sealed record Filter(string? Resource, int Level, string? Text, UInt128? Trace)
    {
        public bool Admits(LogRecord record) =>
            (string.IsNullOrEmpty(Resource) || record.Source.Name == Resource)
            && record.Severity >= Level
            && (string.IsNullOrEmpty(Text) || record.Body.Has(Text) || record.Scope.Has(Text) || record.Attributes.Mention(Text));
    }

    internal sealed record Item(
        long Id, double Time, int Severity, string Resource, string Scope, string Body, string? Trace, string? Span,
        IEnumerable<string[]> Attributes)
    {
        public static Item Of(LogRecord record) => new(
            record.Id, record.Time.Milliseconds(), record.Severity, record.Source.Name, record.Scope, record.Body,
            record.TraceId == default ? null : record.TraceId.Hex(), record.SpanId == 0 ? null : record.SpanId.Hex(),
            record.Attributes.Pairs());
    }
}
