using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Shouldly;
using Ticketing.LocalHosting.Dashboard.Api;
using Ticketing.LocalHosting.Dashboard.Store;
using Xunit;

namespace Ticketing.Tests.LocalHosting.Dashboard;

public sealed partial class OtlpTests
{
    [Theory]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    [InlineData(OtlpExportProtocol.Grpc)]
    public async Task What_OpenTelemetrys_own_exporter_sends_arrives_whole(OtlpExportProtocol protocol)
    {
        await using var dashboard = await TestDashboard.StartAsync();
        var name = $"test-{protocol}";
        void Configure(OtlpExporterOptions options, string path)
        {
            options.Protocol = protocol;
            options.Endpoint = new(protocol == OtlpExportProtocol.Grpc ? dashboard.Otlp.Grpc : $"{dashboard.Otlp.Http}/v1/{path}");
            options.Headers = $"x-otlp-api-key={dashboard.Otlp.Key}";
        }

        var resource = ResourceBuilder.CreateEmpty().AddService("orders", serviceInstanceId: "orders-2");
        using var source = new ActivitySource(name);
        using var meter = new Meter(name);
        ActivityTraceId traceId;
        using (Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(name).AddOtlpExporter(options => Configure(options, "traces")).Build())
        using (Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(name).SetExemplarFilter(ExemplarFilterType.TraceBased).AddOtlpExporter(options => Configure(options, "metrics")).Build())
        using (var logging = LoggerFactory.Create(logs => logs.AddOpenTelemetry(options =>
            {
                options.IncludeFormattedMessage = true;
                options.SetResourceBuilder(resource).AddOtlpExporter(exporter => Configure(exporter, "logs"));
            })))
        {
            using var parent = source.StartActivity("place order", ActivityKind.Server)!;
            using var child = source.StartActivity("charge", ActivityKind.Client)!;
            traceId = child.TraceId;
            child.SetTag("order.id", "o-1").SetTag("quantity", 2).SetTag("paid", true).SetTag("ratio", 0.5).SetTag("list", (string[])["a", "b"]);
            child.AddEvent(new("retried", tags: new() { ["attempt"] = 1 }));
            child.AddLink(new(new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded)));
            child.SetStatus(ActivityStatusCode.Error, "declined");
            Declined(logging.CreateLogger("Test.Category"), "o-1");
            meter.CreateCounter<long>("orders", "{orders}", "Orders placed").Add(3, new KeyValuePair<string, object?>("kind", "web"));
            meter.CreateUpDownCounter<long>("held").Add(-2);
            meter.CreateGauge<double>("load").Record(0.75);
            meter.CreateHistogram<double>("latency", "s").Record(0.02);
        }

        var trace = dashboard.Store.Read((traces, logs) => TraceView.Of(traces, logs, Id(traceId)))!;
        trace.Trace.ShouldSatisfyAllConditions(it => it.Name.ShouldBe("place order"), it => it.Spans.ShouldBe(2), it => it.Errors.ShouldBe(1));
        var charge = trace.Spans.Single(span => span.Name == "charge");
        charge.Parent.ShouldBe(trace.Spans.Single(span => span.Name == "place order").Id);
        charge.Resource.ShouldBe("orders-2");
        (charge.Kind, charge.Error, charge.Status, charge.Scope).ShouldBe((3, true, "declined", name));
        charge.Duration.ShouldBeGreaterThanOrEqualTo(0);
        charge.Attributes.Select(pair => string.Join('=', pair)).ShouldBe(["order.id=o-1", "quantity=2", "paid=true", "ratio=0.5", "list=[a, b]"]);
        charge.Events.ShouldHaveSingleItem().Attributes.ShouldHaveSingleItem().ShouldBe(["attempt", "1"]);
        charge.Links.Count().ShouldBe(1);
        var log = trace.Logs.ShouldHaveSingleItem();
        (log.Body, log.Severity, log.Scope, log.Span).ShouldBe(("Declined o-1", 13, "Test.Category", charge.Id));
        log.Attributes.ShouldContain(pair => pair[0] == "OrderId" && pair[1] == "o-1");

        var series = dashboard.Store.Read(metrics => metrics.All.ToDictionary(one => one.Instrument.Name, one => (one.Instrument.Kind, Point: one.Points[^1], one)));
        (series["orders"].Kind, series["orders"].Point.Value).ShouldBe((InstrumentKind.Counter, 3));
        series["orders"].one.Attributes.ShouldHaveSingleItem().ToString().ShouldBe("kind: web");
        (series["held"].Kind, series["held"].Point.Value).ShouldBe((InstrumentKind.UpDownCounter, -2));
        (series["load"].Kind, series["load"].Point.Value).ShouldBe((InstrumentKind.Gauge, 0.75));
        (series["latency"].Kind, series["latency"].Point.Count, series["latency"].Point.Buckets.Sum()).ShouldBe((InstrumentKind.Histogram, 1, 1));
        series["latency"].one.Exemplars.ShouldHaveSingleItem().TraceId.ShouldBe(Id(traceId));
    }

    [Fact]
    public async Task Who_does_not_know_the_key_is_turned_away()
    {
        await using var dashboard = await TestDashboard.StartAsync();
        using var client = new HttpClient { DefaultRequestVersion = HttpVersion.Version11 };

        (await SendAsync(client, new($"{dashboard.Otlp.Http}/v1/traces"), [], key: null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(client, new($"{dashboard.Otlp.Http}/v1/traces"), [], key: "the-kex")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await GrpcStatusAsync(dashboard, [0, 0, 0, 0, 0], key: "the-kex")).ShouldBe("16");
    }

    public static TheoryData<string, byte[]> Malformed => new()
    {
        { "a length beyond the end", [0x0a, 0x7f, 0x00] },
        { "an endless varint", [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff] },
        { "a group", [0x0b] },
        { "field 0", [0x00] },
        { "a number where a message should be", [0x08, 0x01] },
        { "a span without ids", [0x0a, 0x04, 0x12, 0x02, 0x12, 0x00] },
        { "a trace id of 1 byte", [0x0a, 0x07, 0x12, 0x05, 0x12, 0x03, 0x0a, 0x01, 0x01] },
        { "text", "hello, I am JSON"u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task What_is_malformed_is_refused_and_nothing_of_it_kept(string what, byte[] body)
    {
        await using var dashboard = await TestDashboard.StartAsync();
        using var client = new HttpClient();

        using var answer = await SendAsync(client, new($"{dashboard.Otlp.Http}/v1/traces"), body, dashboard.Otlp.Key);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, what);
        (await GrpcStatusAsync(dashboard, [0, 0, 0, 0, (byte)body.Length, .. body], dashboard.Otlp.Key)).ShouldBe("3", what);
        dashboard.Store.Version.ShouldBe(0);
    }

    [Fact]
    public async Task Compressed_bodies_are_read_and_bombs_are_not()
    {
        await using var dashboard = await TestDashboard.StartAsync();
        using var client = new HttpClient();
        var address = new Uri($"{dashboard.Otlp.Http}/v1/traces");
        byte[] span = [0x0a, 0x1f, 0x12, 0x1d, 0x12, 0x1b, 0x0a, 0x10, .. Guid.NewGuid().ToByteArray(), 0x12, 0x07, 1, 2, 3, 4, 5, 6, 7];

        (await SendAsync(client, address, Gzip(span), dashboard.Otlp.Key, "gzip")).StatusCode.ShouldBe(HttpStatusCode.BadRequest, "7 bytes are no span id");
        span = [0x0a, 0x20, 0x12, 0x1e, 0x12, 0x1c, 0x0a, 0x10, .. Guid.NewGuid().ToByteArray(), 0x12, 0x08, 1, 2, 3, 4, 5, 6, 7, 8];
        (await SendAsync(client, address, Gzip(span), dashboard.Otlp.Key, "gzip")).StatusCode.ShouldBe(HttpStatusCode.OK);
        dashboard.Store.Read((traces, _) => traces.Count).ShouldBe(1);
        (await SendAsync(client, address, Gzip(new byte[64 * 1024 * 1024]), dashboard.Otlp.Key, "gzip")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync(client, address, [1, 2, 3], dashboard.Otlp.Key, "gzip")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync(client, address, [], dashboard.Otlp.Key, "br")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync(client, address, new byte[17 * 1024 * 1024], dashboard.Otlp.Key)).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, Uri address, byte[] body, string? key, string? encoding = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        // So that a server that does not want it need not cut the client off.
        request.Headers.ExpectContinue = body.Length > 1024 * 1024;
        if (encoding is not null)
            request.Content.Headers.ContentEncoding.Add(encoding);
        if (key is not null)
            request.Headers.Add("x-otlp-api-key", key);
        return await client.SendAsync(request);
    }

    private static async Task<string> GrpcStatusAsync(TestDashboard dashboard, byte[] frame, string key)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{dashboard.Otlp.Grpc}/opentelemetry.proto.collector.trace.v1.TraceService/Export")
        {
            Content = new ByteArrayContent(frame) { Headers = { ContentType = new("application/grpc") } },
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { { "x-otlp-api-key", key } },
        };
        using var answer = await client.SendAsync(request);
        await answer.Content.ReadAsByteArrayAsync();
        return answer.TrailingHeaders.GetValues("grpc-status").Single();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return compressed.ToArray();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Declined {OrderId}")]
    private static partial void Declined(ILogger logger, string orderId);

    private static UInt128 Id(ActivityTraceId id) => UInt128.Parse(id.ToHexString(), System.Globalization.NumberStyles.HexNumber, null);
}
