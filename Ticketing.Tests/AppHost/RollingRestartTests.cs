using Shouldly;
using Ticketing.AppHost.Processes;
using Ticketing.Reliability;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.AppHost;

/// <summary>Two replicas of every service, each stopped once as a deployment stops it, while buyers buy.</summary>
[Collection(typeof(WholePlatforms))]
public sealed class RollingRestartTests
{
    private static readonly string[] Services = ["auth", "tickets", "orders", "payments", "expiration", "web"];

    [Fact]
    public async Task No_request_fails_while_every_replica_is_restarted()
    {
        var options = new HostingOptions
        {
            Settings = Services.Select(service => ($"Parameters:{service}_replicas", "2")).Append(("Parameters:rate_limits", "off")).ToDictionary(),
            // As the published configurations say.
            ServiceEnvironment = new Dictionary<string, string> { ["Shutdown__DrainSeconds"] = "10" },
        };
        // Both replicas of each service found the same empty database at the same moment.
        await using var hosted = await HostedPlatform.StartAsync(options, TestContext.Current.CancellationToken);
        var replicas = Services.Select(hosted.InstancesOf).ToList();
        replicas.ShouldAllBe(instances => instances.Count == 2);
        await using var buyers = await Buyers.StartAsync([.. hosted.InstancesOf("web").Select(web => web.Address!.ToString())], count: 3);

        await RestartAsync(0);
        await RestartAsync(1);
        await buyers.StopAsync();

        buyers.Failures.ShouldBeEmpty();
        buyers.Orders.ShouldBeGreaterThan(20, "buyers were at it all the time");
        await buyers.ShouldFindEveryOrderAsync();

        async Task RestartAsync(int index)
        {
            var ended = new HashSet<int>();
            foreach (var instances in replicas)
            {
                var pid = hosted.Instances.Single(instance => instance.Id == instances[index].Id).Pid!.Value;
                ended.Add(pid);
                Posix.Kill(pid, Signal.Terminate);
            }
            await Eventually.HoldsAsync(
                () => Task.FromResult(ended.All(pid => ProcessIdentity.Of(pid) is not { IsAlive: true })), "all have ended", TimeSpan.FromMinutes(5));
            await hosted.Platform.IsWholeAsync(ended, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(10));
        }
    }
}
