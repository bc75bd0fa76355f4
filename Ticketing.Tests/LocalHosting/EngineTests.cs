using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Shouldly;
using Ticketing.LocalHosting;
using Ticketing.LocalHosting.Engine;
using Ticketing.LocalHosting.Processes;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.LocalHosting;

public sealed class EngineTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_dies_is_started_again_on_its_address_and_stopping_leaves_nothing()
    {
        using var application = new TestApplication();
        var redis = application.Builder.AddRedis("redis");
        var ready = new List<int>();
        redis.OnResourceReady((resource, _, _) =>
        {
            ready.Add(resource.PrimaryEndpoint.Annotation.Allocated[0].Port);
            return Task.CompletedTask;
        });
        application.Builder.AddProject("stripe", "../Ticketing.StripeSandbox/Ticketing.StripeSandbox.csproj", launchProfileName: null)
            .WithHttpEndpoint().WithHttpHealthCheck("/health").WithReplicas(2)
            .WithReference(redis).WaitFor(redis)
            .WithEnvironment("Sandbox__SecretKey", "sk_test_x").WithEnvironment("Sandbox__WebhookSecret", "whsec_x");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var output = new StringWriter();
        using var data = DataDirectory.Open(application.Data);
        using var runner = new ApplicationRunner(application.Model, data, new ConsoleLog(output));

        var running = runner.RunAsync(stop.Token);
        await HealthyAsync(runner, running);
        runner.Instances.Select(instance => instance.Name).ShouldBe(["redis", "stripe", "stripe-2"], ignoreOrder: true);
        ready.Count.ShouldBe(1);
        var before = runner.Instances.Select(instance => (instance.ProcessId, instance.Endpoints[0])).ToList();

        foreach (var instance in runner.Instances)
            Posix.Kill(instance.ProcessId!.Value, Signal.Kill);
        await Eventually.HoldsAsync(() => Task.FromResult(runner.Instances.All(instance => instance.Restarts == 1)), "everything is started again");
        await HealthyAsync(runner, running);
        runner.Instances.Select(instance => instance.Endpoints[0]).ShouldBe(before.Select(instance => instance.Item2));
        runner.Instances.ShouldAllBe(instance => before.All(old => old.ProcessId != instance.ProcessId));

        var trees = runner.Instances.SelectMany(instance => ProcessIdentity.Of(instance.ProcessId!.Value)!.Value.Tree()).ToList();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
        trees.ShouldAllBe(process => !process.IsAlive);
        Directory.EnumerateFiles(Path.Combine(application.Data, "processes")).ShouldBeEmpty();
        output.ToString().ShouldContain("[stripe-2] ");
    }

    [Fact]
    public async Task What_a_killed_AppHost_left_behind_is_stopped_at_the_next_start_and_nothing_else()
    {
        using var application = new TestApplication();
        using var stubborn = Process.Start("sh", ["-c", "trap '' TERM; sleep 100 & wait; sleep 100"]);
        using var stranger = Process.Start("sleep", ["100"]);
        var tree = ProcessIdentity.Of(stubborn.Id)!.Value;
        using (var data = DataDirectory.Open(application.Data))
        {
            data.Ledger.Add(tree, "orders");
            // The pid of a child that ended long ago, given to another process since.
            data.Ledger.Add(new(stranger.Id, 1), "tickets");
        }

        using (var data = DataDirectory.Open(application.Data))
            (await data.Ledger.StopLeftoversAsync(TimeSpan.FromSeconds(0.5))).ShouldBe(["orders"]);

        tree.IsAlive.ShouldBeFalse();
        stranger.HasExited.ShouldBeFalse();
        stranger.Kill();
    }

    [Fact]
    public async Task A_second_AppHost_on_the_same_data_is_refused()
    {
        using var application = new TestApplication();
        using var first = DataDirectory.Open(application.Data);

        var failure = await Should.ThrowAsync<LocalHostingException>(() => application.Builder.Build().RunAsync(Cancellation));
        failure.Message.ShouldContain($"process {Environment.ProcessId}");
        failure.Message.ShouldContain("Parameters__data_dir");
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_used_is_named()
    {
        using var application = new TestApplication("--Parameters:data_dir=/proc/nowhere");

        var failure = await Should.ThrowAsync<LocalHostingException>(() => application.Builder.Build().RunAsync(Cancellation));
        failure.Message.ShouldContain("/proc/nowhere");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_before_anything_starts()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var application = new TestApplication($"--Parameters:dashboard_port={port}");

        var failure = await Should.ThrowAsync<LocalHostingException>(() => application.Builder.Build().RunAsync(Cancellation));
        failure.Message.ShouldContain($"Port {port}");
        failure.Message.ShouldContain("Parameters__dashboard_port");
    }

    [Fact]
    public async Task A_project_that_is_not_built_is_named_with_the_command_that_builds_it()
    {
        using var application = new TestApplication();
        application.Builder.AddProject("nothing", "../Nothing/Nothing.csproj", launchProfileName: null);
        using var data = DataDirectory.Open(application.Data);
        using var runner = new ApplicationRunner(application.Model, data, new ConsoleLog(TextWriter.Null));

        var failure = await Should.ThrowAsync<LocalHostingException>(() => runner.RunAsync(Cancellation));
        failure.Message.ShouldContain("dotnet build");
    }

    [Fact]
    public void A_server_that_is_not_installed_is_named_with_the_command_that_installs_it() =>
        Should.Throw<LocalHostingException>(() => Ticketing.LocalHosting.Servers.Programs.PostgresDirectory(99)).Message
            .ShouldContain("apt-get install --no-install-recommends postgresql-99");

    [Fact]
    public async Task An_unknown_publisher_is_refused_in_words()
    {
        using var application = new TestApplication("--publisher", "pigeons");

        application.Builder.ExecutionContext.IsPublishMode.ShouldBeTrue();
        (await Should.ThrowAsync<LocalHostingException>(() => application.Builder.Build().RunAsync(Cancellation))).Message.ShouldContain("\"pigeons\"");
    }

    private static Task HealthyAsync(ApplicationRunner runner, Task running) => Eventually.HoldsAsync(
        () => running.IsFaulted
            ? running.ContinueWith<bool>(_ => throw running.Exception!, TaskScheduler.Default)
            : Task.FromResult(runner.Instances.Count > 0 && runner.Instances.All(instance => instance.Health == ResourceHealth.Healthy)),
        "everything is healthy",
        TimeSpan.FromSeconds(60));
}
