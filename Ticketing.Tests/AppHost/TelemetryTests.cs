using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tests.Web.Journeys;
using Xunit;

namespace Ticketing.Tests.AppHost;

/// <summary>What Aspire's dashboard knows of a purchase, read as scripts read it: over its HTTP API.</summary>
[Collection(typeof(JourneyCollection))]
public sealed class TelemetryTests(RunningPlatform platform)
{
    private static readonly string[] Services = ["auth", "expiration", "orders", "payments", "tickets", "web"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_purchase_is_one_trace_through_every_service_and_its_polls_are_none()
    {
        var hosted = platform.Hosted;
        var trace = await Purchase.MakeAsync(hosted.Platform.Site, Cancellation);

        using var dashboard = new HttpClient { BaseAddress = hosted.Dashboard };
        using (var stranger = await dashboard.GetAsync("/api/telemetry/traces", Cancellation))
            stranger.IsSuccessStatusCode.ShouldBeFalse();
        dashboard.DefaultRequestHeaders.Add("x-api-key", hosted.Secret("dashboard-api-key"));
        string[] found = [];
        string[] expected = [.. Services, "POST /api/orders", "OrderCreated", "OrderCompleted", "postgresql"];
        await Eventually.HoldsAsync(
            async () =>
            {
                var spans = await SpansAsync(dashboard, $"/api/telemetry/traces/{trace}");
                found = [.. spans.Select(span => span["service"]!.ToString()).Concat(spans.Select(span => span["name"]!.ToString())).Distinct()];
                return expected.All(part => found.Any(text => text.Contains(part, StringComparison.Ordinal)));
            },
            $"every service, message and statement is in the trace: {string.Join(", ", expected)}");

        // The look into an empty outbox, several times a second in each service, is followed by nobody.
        var alone = (await SpansAsync(dashboard, "/api/telemetry/traces?limit=1000")).GroupBy(span => span["traceId"]!.ToString()).Where(one => one.Count() == 1);
        alone.ShouldNotContain(one => one.Single()["name"]!.ToString() == "postgresql");
    }

    /// <summary>The spans of an answer in OTLP's JSON, each with the name of its service added; none while nothing is known.</summary>
    private static async Task<JsonNode[]> SpansAsync(HttpClient dashboard, string path)
    {
        using var answer = await dashboard.GetAsync(path, Cancellation);
        if (!answer.IsSuccessStatusCode)
            return [];
        var told = (await answer.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!;
        var spans = new List<JsonNode>();
        foreach (var resource in (told["data"] ?? told)["resourceSpans"]!.AsArray())
        {
            var service = resource!["resource"]!["attributes"]!.AsArray()
                .Single(attribute => attribute!["key"]!.ToString() == "service.name")!["value"]!["stringValue"]!.ToString();
            foreach (var span in resource["scopeSpans"]!.AsArray().SelectMany(scope => scope!["spans"]!.AsArray()))
            {
                span!["service"] = service;
                spans.Add(span);
            }
        }
        return [.. spans];
    }
}
