using Ticketing.LocalHosting.Dashboard.Store;

namespace Ticketing.LocalHosting.Dashboard.Otlp;

/// <summary>Reads an <c>ExportTraceServiceRequest</c>; the numbers are those of opentelemetry/proto/trace/v1.</summary>
internal sealed class TraceReader : OtlpReader
{
    private const int MostEvents = 128;

    private List<Span> spans = [];

    /// <exception cref="InvalidDataException">The request is malformed.</exception>
    public List<Span> Read(ReadOnlySpan<byte> request)
    {
        spans = [];
        ReadRequest(request);
        return spans;
    }

    protected override void ReadItem(ReadOnlySpan<byte> item, TelemetrySource source, string scope)
    {
        List<TelemetryAttribute>? attributes = null;
        List<SpanEvent>? events = null;
        List<SpanLink>? links = null;
        UInt128 traceId = default;
        ulong spanId = 0, parentId = 0;
        long start = 0, end = 0;
        var (name, kind, status) = ("", 0, (IsError: false, Message: ""));
        var reader = new WireReader(item);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: traceId = TraceId(reader.Bytes()); break;
                case 2: spanId = SpanId(reader.Bytes()); break;
                case 4: parentId = SpanId(reader.Bytes()); break;
                case 5: name = Text(reader.Bytes()); break;
                case 6: kind = (int)reader.Number(); break;
                case 7: start = (long)reader.Number64(); break;
                case 8: end = (long)reader.Number64(); break;
                case 9: attributes = Add(attributes, reader.Bytes()); break;
                case 11 when (events ??= []).Count < MostEvents: events.Add(Event(reader.Bytes())); break;
                case 13 when (links ??= []).Count < MostEvents: links.Add(Link(reader.Bytes())); break;
                case 15: status = Status(reader.Bytes()); break;
            }
        }

        if (traceId == default || spanId == 0)
            throw new InvalidDataException("A span has a trace id and a span id.");
        spans.Add(new(
            traceId, spanId, parentId, name, kind, start, Math.Max(start, end), status.IsError, status.Message, source, scope,
            attributes ?? [], events ?? [], links ?? [], item.Length));
    }

    private SpanEvent Event(ReadOnlySpan<byte> message)
    {
        var (name, time) = ("", 0L);
        List<TelemetryAttribute>? attributes = null;
        var reader = new WireReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: time = (long)reader.Number64(); break;
                case 2: name = Text(reader.Bytes()); break;
                case 3: attributes = Add(attributes, reader.Bytes()); break;
            }
        }

        return new(name, time, attributes ?? []);
    }

    private static SpanLink Link(ReadOnlySpan<byte> message)
    {
        var link = new SpanLink();
        var reader = new WireReader(message);
        while (reader.Next())
        {
            link = reader.Field switch
            {
                1 => link with { TraceId = TraceId(reader.Bytes()) },
                2 => link with { SpanId = SpanId(reader.Bytes()) },
                _ => link,
            };
        }

        return link;
    }

    private (bool IsError, string Message) Status(ReadOnlySpan<byte> message)
    {
        var status = (IsError: false, Message: "");
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Field == 2)
                status.Message = Text(reader.Bytes());
            else if (reader.Field == 3)
                status.IsError = reader.Number() == 2;
        }

        return status;
    }
}
