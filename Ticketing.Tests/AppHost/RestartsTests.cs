using Aspire.Hosting.ApplicationModel;
using Shouldly;
using Ticketing.AppHost.Processes;
using Ticketing.Reliability;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.AppHost;

/// <summary>What dies is started again, and what somebody stopped is not; the orchestrator does neither by itself.</summary>
[Collection(typeof(WholePlatforms))]
public sealed class RestartsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_dies_comes_back_on_its_address_and_what_was_stopped_stays_stopped()
    {
        await using var hosted = await HostedPlatform.StartAsync(new(), Cancellation);
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

        (await hosted.CommandAsync("orders", KnownResourceCommands.StartCommand, Cancellation)).Success.ShouldBeTrue();
        await hosted.Platform.IsWholeAsync(new HashSet<int>(), Cancellation).WaitAsync(TimeSpan.FromMinutes(3));

        // Once started again it is watched again, also when it dies as soon as it runs.
        for (var death = 0; death < 3; death++)
        {
            var pid = hosted.ProcessesOf("orders").Single();
            Posix.Kill(pid, Signal.Kill);
            await Eventually.HoldsAsync(() => Task.FromResult(hosted.ProcessesOf("orders") is [var next] && next != pid), "it is started again", TimeSpan.FromMinutes(3));
        }

        // Callers of a service that is down are refused at once.
        (await hosted.CommandAsync("tickets", KnownResourceCommands.StopCommand, Cancellation)).Success.ShouldBeTrue();
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        (await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(hosted.AddressOf("tickets"), Cancellation)))
            .HttpRequestError.ShouldBe(HttpRequestError.ConnectionError);
    }

    private static bool IsGone(int pid) => ProcessIdentity.Of(pid) is not { IsAlive: true };

    private static Task StateAsync(HostedPlatform hosted, string name, Func<string?, bool> isThere) => Eventually.HoldsAsync(
        () => Task.FromResult(isThere(hosted.InstancesOf(name).Single().State)), $"{name} is as expected", TimeSpan.FromMinutes(3));
}
