using System.Text;
using Ticketing.LocalHosting.Dashboard.Store;

namespace Ticketing.LocalHosting.Dashboard.Otlp;

/// <summary>Puts what a request carries into the store, and makes the answer.</summary>
internal sealed class OtlpSink(TelemetryStore store)
{
    private readonly Lock reading = new();
    private readonly TraceReader traces = new();
    private readonly MetricReader metrics = new();
    private readonly LogReader logs = new();

    /// <summary>The path of each signal over HTTP, and its gRPC service.</summary>
    public static IReadOnlyList<(string Signal, string Service)> Signals { get; } =
    [
        ("traces", "opentelemetry.proto.collector.trace.v1.TraceService"),
        ("metrics", "opentelemetry.proto.collector.metrics.v1.MetricsService"),
        ("logs", "opentelemetry.proto.collector.logs.v1.LogsService"),
    ];

    /// <returns>The <c>Export…ServiceResponse</c>: empty, unless something was not kept.</returns>
    /// <exception cref="InvalidDataException">The request is malformed; nothing of it was kept.</exception>
    public byte[] Take(string signal, ReadOnlySpan<byte> request)
    {
        // One at a time: the readers share their strings, and reading is quick.
        lock (reading)
        {
            switch (signal)
            {
                case "traces":
                    store.Add(traces.Read(request));
                    return [];
                case "logs":
                    store.Add(logs.Read(request));
                    return [];
                default:
                    var rejected = store.Add(metrics.Read(request)) + metrics.Rejected;
                    return rejected == 0 ? [] : PartialSuccess(rejected);
            }
        }
    }

    /// <summary>A <c>google.rpc.Status</c>: its code is 1, its message 2.</summary>
    public static byte[] Status(int code, string message) => [1 << 3, (byte)code, .. Text(2, message)];

    // ExportMetricsServiceResponse { partial_success = 1 { rejected_data_points = 1, error_message = 2 } }
    private static byte[] PartialSuccess(int rejected)
    {
        byte[] success =
        [
            1 << 3, .. Varint(rejected),
            .. Text(2, "Exponential histograms and summaries are not kept, nor more series than there is room for."),
        ];
        return [(1 << 3) | 2, .. Varint(success.Length), .. success];
    }

    private static byte[] Text(int field, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        return [(byte)((field << 3) | 2), .. Varint(utf8.Length), .. utf8];
    }

    private static byte[] Varint(int value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Varint(value >> 7)];
}
