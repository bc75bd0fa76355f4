using Shouldly;
using Ticketing.LocalHosting.Processes;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.LocalHosting;

/// <summary>Two replicas of every service, each stopped once as a deployment stops it, while buyers buy.</summary>
public sealed class RollingRestartTests
{
    private static readonly string[] Services = ["auth", "tickets", "orders", "payments", "expiration", "web"];

    [Fact]
    public async Task No_request_fails_while_every_replica_is_restarted()
    {
        using var application = new TestApplication();
        var settings = Services.ToDictionary(service => $"Parameters__{service}_replicas", _ => "2");
        settings["Parameters__rate_limits"] = "off";
        // As the published configurations say.
        settings["Shutdown__DrainSeconds"] = "10";
        // Both replicas of each service found the same empty database at the same moment.
        using var platform = await AppHostProcess.StartAsync(application.Data, settings);
        await Eventually.HoldsAsync(() => ServingAsync(Services), "every replica serves");
        await using var buyers = await Buyers.StartAsync(
            [(await platform.ResourceAsync("web")).Endpoints[0], (await platform.ResourceAsync("web-2")).Endpoints[0]], count: 6);

        await RestartAsync(Services);
        await RestartAsync([.. Services.Select(service => $"{service}-2")]);
        await buyers.StopAsync();

        buyers.Failures.ShouldBeEmpty();
        buyers.Orders.ShouldBeGreaterThan(20, "buyers were at it all the time");
        await buyers.ShouldFindEveryOrderAsync();
        (await platform.EndAsync(Signal.Terminate)).ShouldBe(0);

        async Task RestartAsync(IReadOnlyList<string> replicas)
        {
            var before = await platform.ResourcesAsync();
            foreach (var replica in replicas)
                Posix.Kill(before.Single(row => row.Name == replica).Pid!.Value, Signal.Terminate);
            await Eventually.HoldsAsync(
                async () => (await platform.ResourcesAsync()).Where(row => replicas.Contains(row.Name)).All(row => row.Restarts == 1),
                "all have ended", TimeSpan.FromMinutes(2));
            await Eventually.HoldsAsync(() => ServingAsync(replicas), "all serve again", TimeSpan.FromMinutes(2));
        }

        async Task<bool> ServingAsync(IReadOnlyList<string> replicas) =>
            (await platform.ResourcesAsync()).Where(row => replicas.Contains(row.Name)).All(row => row.Health is "Healthy" or "Degraded");
    }
}
