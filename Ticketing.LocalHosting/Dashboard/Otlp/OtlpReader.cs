using System.Buffers.Binary;
using System.Globalization;
using Ticketing.LocalHosting.Dashboard.Store;

namespace Ticketing.LocalHosting.Dashboard.Otlp;

/// <summary>
/// Reads what traces, metrics and logs have in common. The numbers are those of opentelemetry/proto/common/v1 and resource/v1.
/// For one thread at a time.
/// </summary>
internal abstract class OtlpReader
{
    private const int MostAttributes = 128;
    private const int DeepestValue = 8;

    private readonly TextPool pool = new();

    protected string Text(ReadOnlySpan<byte> utf8) => pool.Get(utf8);

    /// <summary>An <c>Export…ServiceRequest</c>: <c>Resource…</c> of <c>Scope…</c> of items, nested alike for each signal.</summary>
    protected void ReadRequest(ReadOnlySpan<byte> request)
    {
        var reader = new WireReader(request);
        while (reader.Next())
        {
            if (reader.Field == 1)
                ReadResource(reader.Bytes());
        }
    }

    protected abstract void ReadItem(ReadOnlySpan<byte> item, TelemetrySource source, string scope);

    protected List<TelemetryAttribute> Add(List<TelemetryAttribute>? attributes, ReadOnlySpan<byte> keyValue)
    {
        attributes ??= [];
        if (attributes.Count == MostAttributes)
            return attributes;
        attributes.Add(Pair(keyValue));
        return attributes;
    }

    /// <summary>An <c>AnyValue</c> as text.</summary>
    protected string Value(ReadOnlySpan<byte> value, int depth = 0)
    {
        if (depth > DeepestValue)
            throw new InvalidDataException($"A value is nested deeper than {DeepestValue}.");
        var text = "";
        var reader = new WireReader(value);
        while (reader.Next())
        {
            text = reader.Field switch
            {
                1 => Text(reader.Bytes()),
                2 => reader.Number() != 0 ? "true" : "false",
                3 => ((long)reader.Number()).ToString(CultureInfo.InvariantCulture),
                4 => reader.Double().ToString("R", CultureInfo.InvariantCulture),
                5 => $"[{string.Join(", ", Items(reader.Bytes(), depth, pairs: false))}]",
                6 => $"{{{string.Join(", ", Items(reader.Bytes(), depth, pairs: true))}}}",
                7 => Convert.ToHexStringLower(reader.Bytes()),
                _ => text,
            };
        }

        return text;
    }

    protected static UInt128 TraceId(ReadOnlySpan<byte> id) => id.Length switch
    {
        0 => default,
        16 => BinaryPrimitives.ReadUInt128BigEndian(id),
        _ => throw new InvalidDataException("A trace id has 16 bytes."),
    };

    protected static ulong SpanId(ReadOnlySpan<byte> id) => id.Length switch
    {
        0 => default,
        8 => BinaryPrimitives.ReadUInt64BigEndian(id),
        _ => throw new InvalidDataException("A span id has 8 bytes."),
    };

    private void ReadResource(ReadOnlySpan<byte> resourceItems)
    {
        var source = new TelemetrySource("unknown", []);
        // The resource need not come before what is of it.
        for (var pass = 0; pass < 2; pass++)
        {
            var reader = new WireReader(resourceItems);
            while (reader.Next())
            {
                if (reader.Field == 1 && pass == 0)
                    source = Source(reader.Bytes());
                else if (reader.Field == 2 && pass == 1)
                    ReadScope(reader.Bytes(), source);
            }
        }
    }

    private void ReadScope(ReadOnlySpan<byte> scopeItems, TelemetrySource source)
    {
        var scope = "";
        for (var pass = 0; pass < 2; pass++)
        {
            var reader = new WireReader(scopeItems);
            while (reader.Next())
            {
                if (reader.Field == 1 && pass == 0)
                    scope = ScopeName(reader.Bytes());
                else if (reader.Field == 2 && pass == 1)
                    ReadItem(reader.Bytes(), source, scope);
            }
        }
    }

    private TelemetrySource Source(ReadOnlySpan<byte> resource)
    {
        List<TelemetryAttribute>? attributes = null;
        var reader = new WireReader(resource);
        while (reader.Next())
        {
            if (reader.Field == 1)
                attributes = Add(attributes, reader.Bytes());
        }

        var service = attributes?.Find(attribute => attribute.Key == "service.name").Value ?? "unknown";
        var instance = attributes?.Find(attribute => attribute.Key == "service.instance.id").Value;
        // Our replicas are called "orders" and "orders-2"; other senders' instances have ids that say nothing.
        return new(instance?.StartsWith(service, StringComparison.Ordinal) == true ? instance : service, attributes ?? []);
    }

    private string ScopeName(ReadOnlySpan<byte> scope)
    {
        var name = "";
        var reader = new WireReader(scope);
        while (reader.Next())
        {
            if (reader.Field == 1)
                name = Text(reader.Bytes());
        }

        return name;
    }

    private List<string> Items(ReadOnlySpan<byte> list, int depth, bool pairs)
    {
        var items = new List<string>();
        var reader = new WireReader(list);
        while (reader.Next())
        {
            if (reader.Field == 1)
                items.Add(pairs ? $"{Pair(reader.Bytes(), depth + 1)}" : Value(reader.Bytes(), depth + 1));
        }

        return items;
    }

    private TelemetryAttribute Pair(ReadOnlySpan<byte> keyValue, int depth = 0)
    {
        var (key, value) = ("", "");
        var reader = new WireReader(keyValue);
        while (reader.Next())
        {
            if (reader.Field == 1)
                key = Text(reader.Bytes());
            else if (reader.Field == 2)
                value = Value(reader.Bytes(), depth);
        }

        return new(key, value);
    }
}
