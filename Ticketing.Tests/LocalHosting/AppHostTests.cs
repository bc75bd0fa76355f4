using Shouldly;
using Ticketing.LocalHosting.Processes;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.LocalHosting;

public sealed class AppHostTests
{
    private static readonly string[] Names =
        ["postgres", "redis", "rabbitmq", "auth", "tickets", "orders", "payments", "stripe", "expiration", "web"];

    [Fact]
    public async Task The_platform_starts_mends_itself_and_leaves_nothing_behind_however_it_ends()
    {
        using var application = new TestApplication();
        var settings = new Dictionary<string, string> { ["Parameters__tickets_replicas"] = "2" };

        using (var platform = await AppHostProcess.StartAsync(application.Data, settings))
        {
            (await platform.ResourcesAsync()).Select(row => row.Name).ShouldBe([.. Names, "tickets-2"], ignoreOrder: true);
            (await platform.ResourcesAsync()).ShouldAllBe(row => row.State == "Running" && row.Endpoints.Count == 1);

            var before = await platform.ResourceAsync("orders");
            Posix.Kill(before.Pid!.Value, Signal.Kill);
            await Eventually.HoldsAsync(
                async () => await platform.ResourceAsync("orders") is { Restarts: 1, Health: "Healthy" }, "orders is started again");
            (await platform.ResourceAsync("orders")).Endpoints.ShouldBe(before.Endpoints);

            var tree = platform.Tree();
            (await platform.EndAsync(Signal.Terminate)).ShouldBe(0);
            tree.ShouldAllBe(process => !process.IsAlive);
            ShouldHoldNoSecret(platform.Output, application.Data);
        }

        // With the same data and passwords, on other ports; this time it has no chance to stop anything.
        using (var platform = await AppHostProcess.StartAsync(application.Data, new Dictionary<string, string>()))
        {
            var tree = platform.Tree();
            await platform.EndAsync(Signal.Kill);
            await Eventually.HoldsAsync(
                () => Task.FromResult(tree.All(process => !process.IsAlive)), "the kernel's signal ended all children");
        }
    }

    private static void ShouldHoldNoSecret(IEnumerable<string> output, string data)
    {
        var secrets = Directory.EnumerateFiles(Path.Combine(data, "secrets")).Select(File.ReadAllText).ToList();
        secrets.Count.ShouldBe(9);
        output.ShouldAllBe(line => !secrets.Exists(line.Contains));
    }
}
