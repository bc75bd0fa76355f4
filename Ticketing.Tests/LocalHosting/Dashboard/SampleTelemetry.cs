using Ticketing.LocalHosting.Dashboard.Store;

namespace Ticketing.Tests.LocalHosting.Dashboard;

/// <summary>A failed purchase as a service would tell it.</summary>
internal static class SampleTelemetry
{
    public const string TraceId = "0000000000000000000000000000abcd";

    private static readonly TelemetrySource Web = new("web", []);
    private static readonly TelemetrySource Stripe = new("stripe", []);

    public static TelemetryStore Store()
    {
        var store = new TelemetryStore();
        var start = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000;
        store.Add(
        [
            Span(1, 0, "POST /api/orders", 2, start, 40, Web),
            Span(2, 1, "POST", 3, start + 5_000_000, 30, Web),
            Span(3, 2, "POST /v1/payment_intents", 2, start + 10_000_000, 20, Stripe) with
            {
                IsError = true,
                StatusMessage = "Declined",
                Attributes = [new("ticketing.order.id", "o-1")],
                Events = [new("exception", start + 12_000_000, [new("exception.stacktrace", "at Stripe")])],
                Links = [new(0xabce, 9)],
            },
        ]);
        store.Add(
        [
            new LogRecord(start + 11_000_000, 17, "The card was declined", Stripe, "Sandbox", 0xabcd, 3, [new("OrderId", "o-1")], 100),
            new LogRecord(start, 9, "Now listening", Web, "Microsoft.Hosting.Lifetime", 0, 0, [], 100),
        ]);
        var latency = new Instrument("Microsoft.AspNetCore.Hosting", "http.server.request.duration", "s", "Duration of requests", InstrumentKind.Histogram, IsDelta: false);
        var placed = new Instrument("Ticketing", "ticketing.orders.placed", "{orders}", "Orders placed", InstrumentKind.Counter, IsDelta: false);
        for (var i = 0; i < 30; i++)
        {
            var at = start - ((30 - i) * 2_000_000_000L);
            store.Add(
            [
                new MetricPoint(latency, Web, [new("http.route", "/api/orders")], start, at, i, 4 * i, [i, 2 * i, i], [0.01, 0.05], i % 10 == 0 ? [new(at, 0.03, 0xabcd, 1)] : []),
                new MetricPoint(placed, Web, [], start, at, 3 * i, 0, [], [], []),
            ]);
        }

        return store;
    }

    private static Span Span(ulong id, ulong parent, string name, int kind, long start, int milliseconds, TelemetrySource source) => new(
        0xabcd, id, parent, name, kind, start, start + (milliseconds * 1_000_000L), false, "", source, "test", [], [], [], 100);
}
