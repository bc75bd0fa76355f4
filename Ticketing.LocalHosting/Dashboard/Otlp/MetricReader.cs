using System.Buffers.Binary;
using Ticketing.LocalHosting.Dashboard.Store;

namespace Ticketing.LocalHosting.Dashboard.Otlp;

/// <summary>Reads an <c>ExportMetricsServiceRequest</c>; the numbers are those of opentelemetry/proto/metrics/v1.</summary>
internal sealed class MetricReader : OtlpReader
{
    private const ulong NoRecordedValue = 1;
    private const ulong Delta = 1;
    private const int MostBuckets = 256;

    private List<MetricPoint> points = [];

    /// <summary>Points of a kind that is not kept: exponential histograms and summaries.</summary>
    public int Rejected { get; private set; }

    /// <exception cref="InvalidDataException">The request is malformed.</exception>
    public List<MetricPoint> Read(ReadOnlySpan<byte> request)
    {
        (points, Rejected) = ([], 0);
        ReadRequest(request);
        return points;
    }

    protected override void ReadItem(ReadOnlySpan<byte> item, TelemetrySource source, string scope)
    {
        var (name, description, unit) = ("", "", "");
        InstrumentKind? kind = null;
        ReadOnlySpan<byte> data = default;
        var reader = new WireReader(item);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: name = Text(reader.Bytes()); break;
                case 2: description = Text(reader.Bytes()); break;
                case 3: unit = Text(reader.Bytes()); break;
                case 5: kind = InstrumentKind.Gauge; data = reader.Bytes(); break;
                case 7: kind = InstrumentKind.UpDownCounter; data = reader.Bytes(); break;
                case 9: kind = InstrumentKind.Histogram; data = reader.Bytes(); break;
                case 10 or 11: Rejected++; break;
            }
        }

        if (kind is { } known)
            ReadPoints(data, new(scope, name, unit, description, known, IsDelta: false), source);
    }

    private void ReadPoints(ReadOnlySpan<byte> data, Instrument instrument, TelemetrySource source)
    {
        // What kind of sum it is may come after its points.
        var reader = new WireReader(data);
        while (reader.Next())
        {
            if (reader.Field == 2 && instrument.Kind != InstrumentKind.Gauge)
                instrument = instrument with { IsDelta = reader.Number() == Delta };
            else if (reader.Field == 3 && instrument.Kind == InstrumentKind.UpDownCounter && reader.Number() != 0)
                instrument = instrument with { Kind = InstrumentKind.Counter };
        }

        reader = new(data);
        while (reader.Next())
        {
            if (reader.Field != 1)
                continue;
            var point = instrument.Kind == InstrumentKind.Histogram
                ? Histogram(reader.Bytes(), instrument, source)
                : Number(reader.Bytes(), instrument, source);
            if (point is not null)
                points.Add(point);
        }
    }

    private MetricPoint? Number(ReadOnlySpan<byte> message, Instrument instrument, TelemetrySource source)
    {
        var (begin, time, value, flags) = (0L, 0L, 0d, 0ul);
        List<TelemetryAttribute>? attributes = null;
        List<Exemplar>? exemplars = null;
        var reader = new WireReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: begin = (long)reader.Number64(); break;
                case 3: time = (long)reader.Number64(); break;
                case 4: value = reader.Double(); break;
                case 5: (exemplars ??= []).Add(ExemplarOf(reader.Bytes())); break;
                case 6: value = (long)reader.Number64(); break;
                case 7: attributes = Add(attributes, reader.Bytes()); break;
                case 8: flags = reader.Number(); break;
            }
        }

        return (flags & NoRecordedValue) != 0 
            ? null
            : new(instrument, source, attributes ?? [], begin, time, value, 0, [], [], exemplars ?? []);
    }

    private MetricPoint? Histogram(ReadOnlySpan<byte> message, Instrument instrument, TelemetrySource source)
    {
        var (begin, time, count, sum, flags) = (0L, 0L, 0L, 0d, 0ul);
        List<long> buckets = [];
        List<double> bounds = [];
        List<TelemetryAttribute>? attributes = null;
        List<Exemplar>? exemplars = null;
        var reader = new WireReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: begin = (long)reader.Number64(); break;
                case 3: time = (long)reader.Number64(); break;
                case 4: count = (long)reader.Number64(); break;
                case 5: sum = reader.Double(); break;
                case 6: AddTo(buckets, ref reader, bits => (long)bits); break;
                case 7: AddTo(bounds, ref reader, BitConverter.UInt64BitsToDouble); break;
                case 8: (exemplars ??= []).Add(ExemplarOf(reader.Bytes())); break;
                case 9: attributes = Add(attributes, reader.Bytes()); break;
                case 10: flags = reader.Number(); break;
            }
        }

        if (buckets.Count > 0 && buckets.Count != bounds.Count + 1)
            throw new InvalidDataException("A histogram has one bucket more than bounds.");
        return (flags & NoRecordedValue) != 0
            ? null
            : new(instrument, source, attributes ?? [], begin, time, sum, count, [.. buckets], [.. bounds], exemplars ?? []);
    }

    // Packed: all of them in one run of bytes; or each in a field of its own.
    private static void AddTo<T>(List<T> list, ref WireReader reader, Func<ulong, T> convert)
    {
        if (!reader.IsBytes)
        {
            list.Add(convert(reader.Number64()));
        }
        else
        {
            var packed = reader.Bytes();
            if (packed.Length % 8 != 0)
                throw new InvalidDataException("A packed list of 64-bit values has 8 bytes for each.");
            for (; packed.Length > 0 && list.Count <= MostBuckets; packed = packed[8..])
                list.Add(convert(BinaryPrimitives.ReadUInt64LittleEndian(packed)));
        }

        if (list.Count > MostBuckets)
            throw new InvalidDataException($"A histogram has at most {MostBuckets} buckets here.");
    }

    private static Exemplar ExemplarOf(ReadOnlySpan<byte> message)
    {
        var (time, value, traceId, spanId) = (0L, 0d, default(UInt128), 0ul);
        var reader = new WireReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: time = (long)reader.Number64(); break;
                case 3: value = reader.Double(); break;
                case 4: spanId = SpanId(reader.Bytes()); break;
                case 5: traceId = TraceId(reader.Bytes()); break;
                case 6: value = (long)reader.Number64(); break;
            }
        }

        return new(time, value, traceId, spanId);
    }
}
