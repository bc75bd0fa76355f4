using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using Shouldly;
using Ticketing.AppHost.Processes;
using Ticketing.Reliability;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.AppHost;

/// <summary>
/// What a developer has after <c>dotnet run</c>: people on the site, their purchases as traces, and processes that come back. The
/// orchestrator by itself neither starts what died again nor leaves alone what somebody stopped.
/// </summary>
[Collection(typeof(WholePlatforms))]
public sealed class DevelopmentTests(PlatformWithDemo platform) : IClassFixture<PlatformWithDemo>
{
    private static readonly string[] Services = ["auth", "expiration", "orders", "payments", "tickets", "web"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_demo_fills_the_site_once_and_people_buy()
    {
        await platform.DemoSaysAsync("buyer-3@demo.example; the password of all is: correct horse");
        await platform.DemoSaysAsync(": Paid");

        // A second start finds everything there.
        Posix.Kill(platform.Hosted.ProcessesOf("demo").Single(), Signal.Kill);
        await platform.DemoSaysAsync("Listed 0 events");
    }

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
        var roots = (await SpansAsync(dashboard, "/api/telemetry/traces?limit=1000")).Where(span => string.IsNullOrEmpty(span["parentSpanId"]?.ToString()));
        roots.ShouldNotContain(span => span["name"]!.ToString() == "postgresql");
    }

    [Fact]
    public async Task What_dies_comes_back_on_its_address_and_what_was_stopped_stays_stopped()
    {
        var hosted = platform.Hosted;
        var before = hosted.Instances.ToDictionary(instance => instance.Name);

        // A service waits for Redis when it is started, and Redis is dead as well.
        foreach (var name in (string[])["orders", "expiration", "redis", "postgres", "rabbitmq"])
            Posix.Kill(before[name].Pid!.Value, Signal.Kill);
        await hosted.Platform.IsWholeAsync(before.Values.Select(instance => instance.Pid!.Value).Where(IsGone).ToHashSet(), Cancellation)
            .WaitAsync(TimeSpan.FromMinutes(4));
        hosted.Instances.Single(instance => instance.Name == "orders").Pid.ShouldNotBe(before["orders"].Pid);
        hosted.Instances.Single(instance => instance.Name == "orders").Address.ShouldBe(before["orders"].Address);

        (await hosted.CommandAsync("orders", KnownResourceCommands.StopCommand, Cancellation)).Success.ShouldBeTrue();
        await StateAsync(hosted, "orders", state => KnownResourceStates.TerminalStates.Contains(state));
        // The first restart would come after half a second.
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);
        hosted.ProcessesOf("orders").ShouldBeEmpty();
        // Callers of a service that is down are refused at once.
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        (await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(hosted.AddressOf("orders"), Cancellation)))
            .HttpRequestError.ShouldBe(HttpRequestError.ConnectionError);

        (await hosted.CommandAsync("orders", KnownResourceCommands.StartCommand, Cancellation)).Success.ShouldBeTrue();
        await hosted.Platform.IsWholeAsync(new HashSet<int>(), Cancellation).WaitAsync(TimeSpan.FromMinutes(3));

        // Once started again it is watched again, also when it dies as soon as it runs.
        for (var death = 0; death < 3; death++)
        {
            var pid = hosted.ProcessesOf("orders").Single();
            Posix.Kill(pid, Signal.Kill);
            await Eventually.HoldsAsync(() => Task.FromResult(hosted.ProcessesOf("orders") is [var next] && next != pid), "it is started again", TimeSpan.FromMinutes(3));
        }
        await hosted.Platform.IsWholeAsync(new HashSet<int>(), Cancellation).WaitAsync(TimeSpan.FromMinutes(3));
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

    private static bool IsGone(int pid) => ProcessIdentity.Of(pid) is not { IsAlive: true };

    private static Task StateAsync(HostedPlatform hosted, string name, Func<string?, bool> isThere) => Eventually.HoldsAsync(
        () => Task.FromResult(isThere(hosted.InstancesOf(name).Single().State)), $"{name} is as expected", TimeSpan.FromMinutes(3));
}

/// <summary>The whole platform, with the dashboard and the demo.</summary>
public sealed class PlatformWithDemo : IAsyncLifetime
{
    internal HostedPlatform Hosted { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var options = new HostingOptions
        {
            Settings = new Dictionary<string, string> { ["Parameters:demo"] = "on" },
            WithDashboard = true,
            ServiceEnvironment = new Dictionary<string, string>
            {
                ["Demo__Listings"] = "7", ["Demo__Buyers"] = "3", ["Demo__SecondsBetweenPurchases"] = "0.5",
            },
        };
        Hosted = await HostedPlatform.StartAsync(options, TestContext.Current.CancellationToken);
        // Only what has listed all of them finds them there when it is started again.
        await DemoSaysAsync("Listed 7 events");
    }

    public ValueTask DisposeAsync() => Hosted.DisposeAsync();

    internal Task DemoSaysAsync(string words) => Eventually.HoldsAsync(
        () => Task.FromResult(Hosted.Output.Any(line => line.StartsWith("[demo]", StringComparison.Ordinal) && line.Contains(words, StringComparison.Ordinal))),
        $"it says: {words}", TimeSpan.FromMinutes(4));
}
