using Ticketing.LocalHosting.Dashboard.Store;

namespace Ticketing.LocalHosting.Dashboard.Api;

/// <summary>The newest traces that a filter lets through, newest first.</summary>
/// <param name="Spans">How many spans are kept in all.</param>
/// <param name="More">Whether there are older ones.</param>
internal sealed record TraceList(IReadOnlyList<TraceList.Item> Items, int Spans, bool More)
{
    public static TraceList Of(TraceStore traces, Filter filter, int limit)
    {
        var found = traces.NewestFirst.Where(filter.Admits).Take(limit + 1).Select(Item.Of).ToList();
        return new([.. found.Take(limit)], traces.Count, found.Count > limit);
    }

    internal sealed record Filter(string? Resource, string? Text, bool Errors)
    {
        public bool Admits(Trace trace) =>
            (!Errors || trace.Errors > 0)
            && (string.IsNullOrEmpty(Resource) || trace.Sources.Contains(Resource))
            && (string.IsNullOrEmpty(Text) || trace.Id.Hex().Has(Text) || trace.Spans.Any(Mentions));

        private bool Mentions(Span span) => span.Name.Has(Text!) || span.Attributes.Mention(Text!);
    }

    internal sealed record Item(
        string Id, string Name, string Resource, double Start, double Duration, int Spans, int Errors, IEnumerable<string> Resources)
    {
        public static Item Of(Trace trace) => new(
            trace.Id.Hex(), trace.Root.Name, trace.Root.Source.Name, trace.Start.Milliseconds(),
            (trace.End - trace.Start).Milliseconds(), trace.Spans.Count, trace.Errors,
            [.. trace.Spans.OrderBy(span => span.Start).Select(span => span.Source.Name).Distinct()]);
    }
}
