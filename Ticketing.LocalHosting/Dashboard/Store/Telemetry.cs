namespace Ticketing.LocalHosting.Dashboard.Store;

/// <summary>A property of a span, a log record or a series; values are shown only, so that their text is enough.</summary>
internal readonly record struct TelemetryAttribute(string Key, string Value)
{
    public override string ToString() => $"{Key}: {Value}";
}

/// <summary>Who sent it.</summary>
/// <param name="Name">The process's name in the dashboard: that of our replica, else of the service.</param>
internal sealed record TelemetrySource(string Name, IReadOnlyList<TelemetryAttribute> Attributes);

/// <summary>One piece of work. Times are nanoseconds since 1970.</summary>
/// <param name="Kind">OTLP's number: 1 internal, 2 server, 3 client, 4 producer, 5 consumer.</param>
/// <param name="Size">Bytes on the wire.</param>
internal sealed record Span(
    UInt128 TraceId, ulong SpanId, ulong ParentId, string Name, int Kind, long Start, long End, bool IsError, string StatusMessage,
    TelemetrySource Source, string Scope, IReadOnlyList<TelemetryAttribute> Attributes, IReadOnlyList<SpanEvent> Events,
    IReadOnlyList<SpanLink> Links, int Size);

internal sealed record SpanEvent(string Name, long Time, IReadOnlyList<TelemetryAttribute> Attributes);

internal readonly record struct SpanLink(UInt128 TraceId, ulong SpanId);

/// <summary>A structured log record.</summary>
/// <param name="Severity">OTLP's number: 1–4 trace, 5–8 debug, 9–12 information, 13–16 warning, 17–20 error, 21–24 fatal.</param>
/// <param name="Size">Bytes on the wire.</param>
internal sealed record LogRecord(
    long Time, int Severity, string Body, TelemetrySource Source, string Scope, UInt128 TraceId, ulong SpanId,
    IReadOnlyList<TelemetryAttribute> Attributes, int Size)
{
    /// <summary>Grows by one from record to record as they arrive.</summary>
    public long Id { get; set; }
}

/// <summary>What an instrument measures.</summary>
internal enum InstrumentKind
{
    /// <summary>A value as it is, e.g. memory in use.</summary>
    Gauge,

    /// <summary>A sum that only grows: its rate is of interest.</summary>
    Counter,

    /// <summary>A sum that goes up and down.</summary>
    UpDownCounter,

    Histogram,
}

internal sealed record Instrument(string Meter, string Name, string Unit, string Description, InstrumentKind Kind, bool IsDelta);

/// <summary>A measurement that remembers the trace that it was made in.</summary>
internal readonly record struct Exemplar(long Time, double Value, UInt128 TraceId, ulong SpanId);

/// <summary>A point of one series. Of a histogram: the sum, the count and the counts of its buckets.</summary>
/// <param name="Begin">When the sender began to count.</param>
/// <param name="Bounds">The upper bounds of all buckets but the last, which has none.</param>
internal sealed record MetricPoint(
    Instrument Instrument, TelemetrySource Source, IReadOnlyList<TelemetryAttribute> Attributes, long Begin, long Time, double Value,
    long Count, long[] Buckets, double[] Bounds, IReadOnlyList<Exemplar> Exemplars);
