using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Ticketing.AppHost.Supervision;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.AppHost;

/// <summary>What is started again, as the orchestrator's states tell it; here the test says them.</summary>
public sealed class RestartsTests : IAsyncDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly DistributedApplication application;
    private readonly Program stopped = new("stopped"), dead = new("dead");
    private readonly ConcurrentQueue<string> started = [];
    private bool commandsFail;

    public RestartsTests()
    {
        var builder = AppHostBuilder.Create();
        builder.Services.AddSingleton<TimeProvider>(time);
        foreach (var program in (Program[])[stopped, dead])
        {
            builder.AddResource(program).RestartsWhenItDies()
                .WithCommand(KnownResourceCommands.StartCommand, "Start", _ =>
                {
                    started.Enqueue(program.Name);
                    return Task.FromResult(CommandResults.Success());
                });
            foreach (var command in (string[])[KnownResourceCommands.StopCommand, KnownResourceCommands.RestartCommand, KnownResourceCommands.RebuildCommand])
                builder.CreateResourceBuilder(program).WithCommand(command, command, context => EndAsync(context.ResourceName));
        }
        application = builder.Build();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => application.DisposeAsync();

    [Theory]
    [InlineData("resource-stop")]
    [InlineData("resource-restart")]
    [InlineData("rebuild")]
    public async Task What_a_command_ends_stays_ended_also_when_nobody_says_that_it_is_stopping(string command)
    {
        await StartAsync();

        (await application.ResourceCommands.ExecuteCommandAsync(stopped, command, Cancellation)).Success.ShouldBeTrue();

        await OnlyWhatDiesIsStartedAgainAsync();
    }

    [Fact]
    public async Task A_state_that_was_true_before_the_command_changes_nothing()
    {
        await StartAsync();

        await application.ResourceCommands.ExecuteCommandAsync(stopped, KnownResourceCommands.StopCommand, Cancellation);
        await SayAsync(stopped, KnownResourceStates.Running, pid: 1);
        await SayAsync(stopped, KnownResourceStates.Finished);

        await OnlyWhatDiesIsStartedAgainAsync();
    }

    [Fact]
    public async Task What_runs_again_after_a_command_or_could_not_be_stopped_is_started_again_when_it_dies()
    {
        await StartAsync();
        await application.ResourceCommands.ExecuteCommandAsync(stopped, KnownResourceCommands.RestartCommand, Cancellation);
        await SayAsync(stopped, KnownResourceStates.Running, pid: 2);
        commandsFail = true;
        (await application.ResourceCommands.ExecuteCommandAsync(dead, KnownResourceCommands.StopCommand, Cancellation)).Success.ShouldBeFalse();

        await SayAsync(stopped, KnownResourceStates.Finished);
        await SayAsync(dead, KnownResourceStates.Finished);

        await StartedAgainAsync(stopped);
        await StartedAgainAsync(dead);
    }

    private async Task StartAsync()
    {
        var events = application.Services.GetRequiredService<IDistributedApplicationEventing>();
        await events.PublishAsync(new BeforeStartEvent(application.Services, application.Services.GetRequiredService<DistributedApplicationModel>()), Cancellation);
        foreach (var program in (Program[])[stopped, dead])
        {
            await events.PublishAsync(new BeforeResourceStartedEvent(program, application.Services), Cancellation);
            await SayAsync(program, KnownResourceStates.Running, pid: 1);
        }
    }

    private async Task<ExecuteCommandResult> EndAsync(string name)
    {
        if (commandsFail)
            return CommandResults.Failure("It does not end.");
        await SayAsync(name == stopped.Name ? stopped : dead, KnownResourceStates.Finished);
        return CommandResults.Success();
    }

    private Task SayAsync(Program program, string state, int? pid = null) => application.ResourceNotifications.PublishUpdateAsync(
        program,
        snapshot => snapshot with
        {
            State = state,
            Properties = pid is null ? snapshot.Properties : [new ResourcePropertySnapshot("executable.pid", pid)],
        });

    /// <summary>The one that dies is told of last, so the other would have been started again by then.</summary>
    private async Task OnlyWhatDiesIsStartedAgainAsync()
    {
        await SayAsync(dead, KnownResourceStates.Finished);
        await StartedAgainAsync(dead);
        started.ShouldNotContain(stopped.Name);
    }

    private Task StartedAgainAsync(Program program) => Eventually.HoldsAsync(
        () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(started.Contains(program.Name));
        },
        $"{program.Name} is started again");

    private sealed class Program(string name) : Resource(name);
}
