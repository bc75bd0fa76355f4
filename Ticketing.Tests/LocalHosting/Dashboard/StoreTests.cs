using Shouldly;
using Ticketing.LocalHosting.Dashboard.Api;
using Ticketing.LocalHosting.Dashboard.Store;
using Ticketing.LocalHosting.Engine;
using Xunit;

namespace Ticketing.Tests.LocalHosting.Dashboard;

/// <summary>Memory is bounded, and what is kept is the newest.</summary>
public sealed class StoreTests
{
    private static readonly TelemetrySource Orders = new("orders", []);

    [Fact]
    public void The_span_after_a_hundred_thousand_pushes_the_oldest_trace_out()
    {
        var store = new TelemetryStore();
        for (var trace = 1; trace <= 50_000; trace++)
            store.Add([Span(trace, 1), Span(trace, 2)]);
        store.Read((traces, _) => (traces.Count, traces.NewestFirst.Count())).ShouldBe((100_000, 50_000));

        store.Add([Span(50_001, 1)]);

        store.Read((traces, _) => traces.Find(1)).ShouldBeNull();
        store.Read((traces, _) => traces.Find(2)!.Spans.Count).ShouldBe(2);
        store.Read((traces, _) => traces.Count).ShouldBe(99_999);
        var page = store.Read((traces, _) => TraceList.Of(traces, new(null, null, Errors: false), 100));
        page.Items[0].Id.ShouldBe(((UInt128)50_001).Hex());
        (page.Items.Count, page.More).ShouldBe((100, true));
        store.Read((traces, _) => TraceList.Of(traces, new(null, "o-7777", Errors: false), 100)).Items
            .Select(item => item.Id).ShouldBe([((UInt128)7777).Hex()]);
    }

    [Fact]
    public void A_trace_that_never_ends_pushes_itself_out()
    {
        var store = new TelemetryStore(new() { Spans = 10 });
        for (var span = 1ul; span <= 11; span++)
            store.Add([Span(1, span)]);

        store.Read((traces, _) => traces.Count).ShouldBeLessThanOrEqualTo(10);
    }

    [Fact]
    public void Bytes_are_bounded_too()
    {
        var store = new TelemetryStore(new() { SpanBytes = 1000, LogBytes = 1000 });
        for (var i = 1; i <= 100; i++)
        {
            store.Add([Span(i, 1)]);
            store.Add([Log(i)]);
        }

        store.Read((traces, logs) => (traces.Count, logs.Count)).ShouldBe((10, 10));
        store.Read((_, logs) => (logs.Of(90).Count(), logs.Of(91).Count())).ShouldBe((0, 1));
    }

    [Fact]
    public void Logs_are_found_by_level_resource_text_and_trace()
    {
        var store = new TelemetryStore();
        store.Add([Log(1), Log(2) with { Severity = 17, Body = "Broken" }, Log(3) with { Source = new("web", []) }]);
        IEnumerable<string?> Found(LogList.Filter filter) => store.Read((_, logs) => LogList.Of(logs, filter, 10)).Items.Select(item => item.Trace![^1..]);

        Found(new(null, 0, null, null)).ShouldBe(["3", "2", "1"]);
        Found(new("web", 0, null, null)).ShouldBe(["3"]);
        Found(new(null, 13, null, null)).ShouldBe(["2"]);
        Found(new(null, 0, "BROK", null)).ShouldBe(["2"]);
        Found(new(null, 0, "o-3", null)).ShouldBe(["3"]);
        Found(new(null, 0, null, 1)).ShouldBe(["1"]);
    }

    [Fact]
    public void Series_and_their_points_are_bounded_and_ended_ones_make_room()
    {
        var store = new TelemetryStore(new() { Series = 2, PointsPerSeries = 3 });
        store.Add([Point("a", 1), Point("b", 1)]).ShouldBe(0);
        store.Add([Point("c", 2)]).ShouldBe(1);
        store.Add([Point("a", 2), Point("a", 3), Point("a", 4)]).ShouldBe(0);
        store.Read(metrics => metrics.All.First().Points.Select(point => point.Value)).ShouldBe([2, 3, 4]);

        // b has not been heard of for ten minutes.
        store.Add([Point("a", 700), Point("c", 700)]).ShouldBe(0);
        store.Read(metrics => metrics.All.Select(series => series.Attributes[0].Value)).ShouldBe(["a", "c"]);
    }

    [Fact]
    public void A_counter_is_shown_as_its_rate_also_after_its_process_was_started_again()
    {
        var store = new TelemetryStore();
        store.Add([Point("a", 10), Point("a", 12) with { Value = 30 }, Point("a", 14) with { Value = 4 }]);

        var chart = store.Read(metrics => MetricChart.Of(metrics, new("orders", "m", "n", []), 60))!;
        chart.Lines.ShouldHaveSingleItem().Points.Select(point => point[1]).ShouldBe([10, 2]);
        store.Read(metrics => MetricChart.Of(metrics, new("orders", "m", "n", ["kind=b"]), 60))!.Lines.ShouldBeEmpty();
        store.Read(metrics => MetricChart.Of(metrics, new("web", "m", "n", []), 60)).ShouldBeNull();
    }

    [Fact]
    public void Percentiles_lie_within_their_buckets()
    {
        double[] bounds = [1, 2, 4];
        Percentiles.At(0.5, [10, 0, 0, 0], bounds).ShouldBe(0.5);
        Percentiles.At(0.5, [0, 4, 4, 0], bounds).ShouldBe(2);
        Percentiles.At(0.75, [0, 4, 4, 0], bounds).ShouldBe(3);
        Percentiles.At(0.99, [0, 0, 0, 5], bounds).ShouldBe(4);
    }

    [Fact]
    public void A_ring_keeps_the_newest()
    {
        var ring = new Ring<int>(3);
        for (var i = 1; i <= 20; i++)
            ring.Add(i);

        ring.ShouldBe([18, 19, 20]);
        ring[^1].ShouldBe(20);
        Should.Throw<ArgumentOutOfRangeException>(() => ring[3]);
    }

    [Fact]
    public void The_console_keeps_the_newest_lines_of_each_resource_and_knows_levels()
    {
        var history = new ConsoleHistory();
        history.Add("redis", "12:M 01 Jan 2026 10:00:00.000 # WARNING overcommit_memory is set to 0");
        for (var i = 0; i < ConsoleHistory.LinesKept; i++)
            history.Add("orders", $"info: Orders[{i}]");
        history.Add("orders", "\u001b[31mfail\u001b[0m: Orders[1]");
        history.Add("orders", "      It broke");
        history.Add("postgres", "2026-01-01 10:00:00.000 UTC [12] FATAL:  no");
        history.Add("rabbitmq", "2026-01-01 10:00:00.000000+00:00 [warning] <0.1.0> hm");

        history.After(0, "orders").Count.ShouldBe(ConsoleHistory.LinesKept);
        history.After(0, null).Count.ShouldBe(ConsoleHistory.LinesKept + 3);
        history.After(0, null)[0].Level.ShouldBe("warning");
        history.After(0, null, 4).Select(line => (line.Resource, line.Level)).ShouldBe(
            [("orders", "error"), ("orders", "error"), ("postgres", "error"), ("rabbitmq", "warning")]);
        history.After(0, "orders")[^2].Text.ShouldBe("fail: Orders[1]");
        var last = history.After(0, null)[^1].Id;
        history.After(last, null).ShouldBeEmpty();
    }

    private static Span Span(int trace, ulong span) => new(
        (UInt128)trace, span, span - 1, "place", 2, trace * 1000L, (trace * 1000L) + 10, false, "", Orders, "test", [new("order.id", $"o-{trace}")], [], [], 100);

    private static LogRecord Log(int trace) => new(trace, 9, "Placed", Orders, "test", (UInt128)trace, 1, [new("OrderId", $"o-{trace}")], 100);

    private static MetricPoint Point(string kind, int second) => new(
        new("m", "n", "", "", InstrumentKind.Counter, IsDelta: false), Orders, [new("kind", kind)], 0, second * 1_000_000_000L, second, 0, [], [], []);
}
