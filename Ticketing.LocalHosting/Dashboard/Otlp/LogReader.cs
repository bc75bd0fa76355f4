using Ticketing.LocalHosting.Dashboard.Store;

namespace Ticketing.LocalHosting.Dashboard.Otlp;

/// <summary>Reads an <c>ExportLogsServiceRequest</c>; the numbers are those of opentelemetry/proto/logs/v1.</summary>
internal sealed class LogReader : OtlpReader
{
    private List<LogRecord> records = [];

    /// <exception cref="InvalidDataException">The request is malformed.</exception>
    public List<LogRecord> Read(ReadOnlySpan<byte> request)
    {
        records = [];
        ReadRequest(request);
        return records;
    }

    protected override void ReadItem(ReadOnlySpan<byte> item, TelemetrySource source, string scope)
    {
        long time = 0, observed = 0;
        var (severity, body) = (0, "");
        UInt128 traceId = default;
        ulong spanId = 0;
        List<TelemetryAttribute>? attributes = null;
        var reader = new WireReader(item);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: time = (long)reader.Number64(); break;
                case 2: severity = (int)reader.Number(); break;
                case 5: body = Value(reader.Bytes()); break;
                case 6: attributes = Add(attributes, reader.Bytes()); break;
                case 9: traceId = TraceId(reader.Bytes()); break;
                case 10: spanId = SpanId(reader.Bytes()); break;
                case 11: observed = (long)reader.Number64(); break;
            }
        }

        records.Add(new(time != 0 ? time : observed, severity, body, source, scope, traceId, spanId, attributes ?? [], item.Length));
    }
}
