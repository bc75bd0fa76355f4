using System.Net;
using System.Text.Json;
using Shouldly;
using Ticketing.LocalHosting.Engine;
using Ticketing.LocalHosting.Processes;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.LocalHosting.Dashboard;

/// <summary>What the developer wants of a resource, and how it is shown.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task A_stopped_resource_stays_stopped_and_starts_on_its_address_again()
    {
        await using var dashboard = await TestDashboard.StartAsync(run: true);
        using var developer = await dashboard.DeveloperAsync();
        var stripe = dashboard.Find("stripe")!;
        var (first, address) = (stripe.ProcessId!.Value, stripe.Endpoints[0]);

        (await PostAsync("stop")).ShouldBe(HttpStatusCode.Accepted);
        await ShowsAsync(ResourceState.Stopped);
        ProcessIdentity.Of(first).ShouldBeNull();
        // Said twice, it means the same.
        await PostAsync("stop");
        stripe.State.ShouldBe(ResourceState.Stopped);

        await PostAsync("start");
        await ServesAsync();
        stripe.ProcessId.ShouldNotBe(first);
        stripe.Endpoints[0].ShouldBe(address);

        var second = stripe.ProcessId!.Value;
        await PostAsync("start");
        stripe.ProcessId.ShouldBe(second);
        await PostAsync("restart");
        await Eventually.HoldsAsync(() => Task.FromResult(stripe.ProcessId is { } pid && pid != second), "it is another process");
        await ServesAsync();
        stripe.Restarts.ShouldBe(0, "the developer's wishes are no crashes");

        Posix.Kill(stripe.ProcessId!.Value, Signal.Kill);
        await Eventually.HoldsAsync(() => Task.FromResult(stripe.Restarts == 1), "a crash is mended");
        await ServesAsync();
        stripe.ExitCode.ShouldBe(137);

        (await developer.PostAsync("/api/resources/redis/stop", null)).StatusCode.ShouldBe(HttpStatusCode.Conflict, "it is somebody else's");
        (await developer.PostAsync("/api/resources/nobody/stop", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        async Task<HttpStatusCode> PostAsync(string command) => (await developer.PostAsync($"/api/resources/stripe/{command}", null)).StatusCode;

        Task ShowsAsync(ResourceState state) => Eventually.HoldsAsync(() => Task.FromResult(stripe.State == state), $"it is {state}");

        Task ServesAsync() => Eventually.HoldsAsync(() => Task.FromResult(stripe.Health == ResourceHealth.Healthy), "it serves", TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Replicas_come_and_go_and_everything_stops_in_the_end()
    {
        IReadOnlyList<ProcessIdentity> processes;
        await using (var dashboard = await TestDashboard.StartAsync(run: true))
        {
            using var developer = await dashboard.DeveloperAsync();

            (await ScaleAsync(3)).ShouldBe(HttpStatusCode.NoContent);
            await Eventually.HoldsAsync(() => Task.FromResult(Replicas().Count(one => one.Health == ResourceHealth.Healthy) == 3), "three serve", TimeSpan.FromSeconds(60));
            Replicas().Select(one => one.Name).ShouldBe(["stripe", "stripe-2", "stripe-3"]);
            Replicas().Select(one => one.Endpoints[0]).Distinct().Count().ShouldBe(3);
            var third = Replicas()[2].ProcessId!.Value;

            (await ScaleAsync(2)).ShouldBe(HttpStatusCode.NoContent);
            Replicas().Select(one => one.Name).ShouldBe(["stripe", "stripe-2"]);
            ProcessIdentity.Of(third).ShouldBeNull();

            (await ScaleAsync(0)).ShouldBe(HttpStatusCode.BadRequest);
            (await ScaleAsync(99)).ShouldBe(HttpStatusCode.BadRequest);
            processes = [.. Replicas().Select(one => ProcessIdentity.Of(one.ProcessId!.Value)!.Value)];
            processes.Count.ShouldBe(2);

            List<ResourceInstance> Replicas() => [.. dashboard.Runner.Instances.Where(one => one.Resource.Name == "stripe")];

            async Task<HttpStatusCode> ScaleAsync(int count) => (await developer.PostAsync($"/api/resources/stripe/replicas?count={count}", null)).StatusCode;
        }

        processes.ShouldAllBe(process => !process.IsAlive);
    }

    [Fact]
    public async Task Every_change_is_told_to_open_pages()
    {
        await using var dashboard = await TestDashboard.StartAsync(run: true);
        using var developer = await dashboard.DeveloperAsync();
        using var stream = new StreamReader(await developer.GetStreamAsync("/api/live?console=true&resource=stripe"));

        await TellsAsync("resources", one => one is { State: "Running", Health: "Healthy" });
        (await NextAsync("console")).ShouldContain("\"stripe\"");
        // A process that hangs is still there and answers nothing.
        Posix.Kill(dashboard.Find("stripe")!.ProcessId!.Value, Signal.Stop);
        await TellsAsync("resources", one => one is { State: "Running", Health: "Unhealthy" });
        Posix.Kill(dashboard.Find("stripe")!.ProcessId!.Value, Signal.Continue);
        await TellsAsync("resources", one => one is { State: "Running", Health: "Healthy" });
        Posix.Kill(dashboard.Find("stripe")!.ProcessId!.Value, Signal.Kill);
        await TellsAsync("resources", one => one is { State: "Exited", Health: null });
        await TellsAsync("resources", one => one is { State: "Running", Health: "Healthy" });

        async Task TellsAsync(string name, Predicate<Shown> expected)
        {
            while (!JsonSerializer.Deserialize<List<Shown>>(await NextAsync(name), JsonSerializerOptions.Web)!.Exists(one => one.Name == "stripe" && expected(one)))
            {
            }
        }

        async Task<string> NextAsync(string name)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (await stream.ReadLineAsync(patience.Token) is { } line)
            {
                if (line == $"event: {name}")
                    return (await stream.ReadLineAsync(patience.Token))!["data: ".Length..];
            }

            throw new EndOfStreamException($"The stream ended before it told {name}.");
        }
    }

    private sealed record Shown(string Name, string State, string? Health);
}
