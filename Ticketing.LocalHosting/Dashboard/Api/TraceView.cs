using Ticketing.LocalHosting.Dashboard.Store;

namespace Ticketing.LocalHosting.Dashboard.Api;

/// <summary>One trace whole: its spans in the order of their start, and what was logged in it.</summary>
internal sealed record TraceView(
    TraceList.Item Trace, IReadOnlyList<TraceView.SpanView> Spans, IReadOnlyList<LogList.Item> Logs)
{
    /// <summary>A page with more shows nobody anything.</summary>
    private const int MostSpans = 5000;

    public static TraceView? Of(TraceStore traces, LogStore logs, UInt128 id) => traces.Find(id) is { } trace
        ? new(
            TraceList.Item.Of(trace),
            [.. trace.Spans.OrderBy(span => span.Start).Take(MostSpans).Select(SpanView.Of)],
            [.. logs.Of(id).Take(MostSpans).Select(LogList.Item.Of)])
        : null;

    /// <summary>Times are milliseconds.</summary>
    internal sealed record SpanView(
        string Id, string? Parent, string Name, int Kind, string Resource, string Scope, double Start, double Duration, bool Error,
        string Status, IEnumerable<string[]> Attributes, IEnumerable<EventView> Events, IEnumerable<LinkView> Links)
    {
        public static SpanView Of(Span span) => new(
            span.SpanId.Hex(), span.ParentId == 0 ? null : span.ParentId.Hex(), span.Name, span.Kind, span.Source.Name, span.Scope,
            span.Start.Milliseconds(), (span.End - span.Start).Milliseconds(), span.IsError, span.StatusMessage,
            span.Attributes.Pairs(),
            span.Events.Select(happened => new EventView(happened.Name, happened.Time.Milliseconds(), happened.Attributes.Pairs())),
            span.Links.Select(link => new LinkView(link.TraceId.Hex(), link.SpanId.Hex())));
    }

    internal sealed record EventView(string Name, double Time, IEnumerable<string[]> Attributes);

    internal sealed record LinkView(string Trace, string Span);
}
