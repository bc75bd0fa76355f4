using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Ticketing.LocalHosting.Engine;

namespace Ticketing.LocalHosting.Dashboard.Api;

/// <summary>What the pages for logs, traces and metrics ask for, each time with their filters.</summary>
internal static class TelemetryApi
{
    private const int MostItems = 2000;

    public static void MapTelemetry(this IEndpointRouteBuilder app, DashboardContext context)
    {
        var store = context.Telemetry;
        app.MapGet("/api/telemetry", () => Results.Json(new
        {
            context.Otlp.Grpc, context.Otlp.Http, KeyHeader = TelemetryTarget.KeyHeader, context.Otlp.Key,
        }));
        app.MapGet("/api/logs", (string? resource, int? level, string? text, string? trace, int? limit) =>
            Results.Json(store.Read((_, logs) => LogList.Of(logs, new(resource, level ?? 0, text, IdOf(trace)), Limited(limit)))));
        app.MapGet("/api/traces", (string? resource, string? text, bool? errors, int? limit) =>
            Results.Json(store.Read((traces, _) => TraceList.Of(traces, new(resource, text, errors == true), Limited(limit)))));
        app.MapGet("/api/traces/{id}", (string id) =>
            IdOf(id) is { } trace && store.Read((traces, logs) => TraceView.Of(traces, logs, trace)) is { } view
                ? Results.Json(view)
                : Results.NotFound());
        app.MapGet("/api/metrics", () => Results.Json(store.Read(InstrumentView.All)));
        app.MapGet("/api/metrics/chart", (string resource, string meter, string name, int? seconds, string[] where) =>
            store.Read(metrics => MetricChart.Of(metrics, new(resource, meter, name, where), Math.Clamp(seconds ?? 300, 10, 3600))) is { } chart
                ? Results.Json(chart)
                : Results.NotFound());
    }

    private static int Limited(int? limit) => Math.Clamp(limit ?? 100, 1, MostItems);

    private static UInt128? IdOf(string? hex) =>
        UInt128.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) ? id : null;
}
