using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ticketing.AppHost.Supervision;

/// <summary>
/// Starts again what dies, which Aspire's orchestrator does not: after 0.5 s, then 1 s, doubling to 10 s; a life of 10 s
/// resets that. What somebody stopped stays stopped.
/// </summary>
internal static partial class Restarts
{
    /// <summary>Makes a resource one that is started again when it ends by itself.</summary>
    public static IResourceBuilder<T> RestartsWhenItDies<T>(this IResourceBuilder<T> resource)
        where T : IResource
    {
        var builder = resource.ApplicationBuilder;
        if (builder.ExecutionContext.IsRunMode && builder.Services.All(service => service.ServiceType != typeof(Supervisor)))
        {
            builder.Services.AddSingleton<Supervisor>();
            // Hosted services start only when everything is up; what dies before that must come back too.
            builder.Eventing.Subscribe<BeforeStartEvent>((start, _) =>
            {
                start.Services.GetRequiredService<Supervisor>().Begin();
                return Task.CompletedTask;
            });
            // Aspire has given it its commands by then.
            builder.Eventing.Subscribe<BeforeResourceStartedEvent>((start, _) =>
            {
                if (start.Resource.HasAnnotationOfType<RestartAnnotation>())
                    start.Services.GetRequiredService<Supervisor>().HearCommands(start.Resource);
                return Task.CompletedTask;
            });
        }
        return resource.WithAnnotation(new RestartAnnotation());
    }

    private sealed partial class Supervisor(
        ResourceNotificationService notifications, ResourceCommandService commands, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<Supervisor> logger)
    {
        private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(1);

        private static readonly string[] EndCommands =
            [KnownResourceCommands.StopCommand, KnownResourceCommands.RestartCommand, KnownResourceCommands.RebuildCommand];

        private readonly ConcurrentDictionary<string, Instance> instances = [];
        private readonly ConcurrentDictionary<IResource, bool> heard = [];

        public void Begin() => _ = WatchAsync(lifetime.ApplicationStopping);

        /// <summary>
        /// Learns of each command that ends a process before it does. The state <c>Stopping</c> tells too late, or never: a process
        /// may have ended before the orchestrator comes to say it.
        /// </summary>
        public void HearCommands(IResource resource)
        {
            if (!heard.TryAdd(resource, true))
                return;
            for (var i = 0; i < resource.Annotations.Count; i++)
            {
                if (resource.Annotations[i] is ResourceCommandAnnotation { Name: var name } command && EndCommands.Contains(name))
                    resource.Annotations[i] = Heard(command);
            }
        }

        private ResourceCommandAnnotation Heard(ResourceCommandAnnotation command) => new(
            command.Name, command.DisplayName, command.UpdateState, context => EndAsync(command, context), command.DisplayDescription,
            command.Arguments, command.ConfirmationMessage, command.IconName, command.IconVariant, command.IsHighlighted);

        private async Task<ExecuteCommandResult> EndAsync(ResourceCommandAnnotation command, ExecuteCommandContext context)
        {
            var instance = Get(context.ResourceName);
            instance.AskToStop(SnapshotOf(context.ResourceName)?.ProcessId());
            var done = false;
            try
            {
                var result = await command.ExecuteCommand(context);
                done = result.Success;
                return result;
            }
            finally
            {
                // A rebuild that fails leaves it stopped.
                if (!done && SnapshotOf(context.ResourceName)?.State?.Text == KnownResourceStates.Running)
                    instance.RunsOn();
            }
        }

        private Instance Get(string resourceId) => instances.GetOrAdd(resourceId, _ => new());

        private CustomResourceSnapshot? SnapshotOf(string resourceId) =>
            notifications.TryGetCurrentState(resourceId, out var current) ? current.Snapshot : null;

        private async Task WatchAsync(CancellationToken stopping)
        {
            await foreach (var change in notifications.WatchAsync(stopping))
            {
                if (!change.Resource.HasAnnotationOfType<RestartAnnotation>())
                    continue;
                var instance = Get(change.ResourceId);
                var state = change.Snapshot.State?.Text;
                if (state == KnownResourceStates.Running && change.Snapshot.ProcessId() is { } pid)
                    instance.IsRunning(pid, time);
                else if (HasEnded(state) && !instance.WasAskedToStop && instance.TryBeginStart())
                    _ = StartAgainAsync(change.ResourceId, instance, $"{state} {change.Snapshot.ExitCode}", stopping);
            }
        }

        /// <summary>Tries until it runs, or somebody asks for its end: a start fails e.g. while what it waits for has ended too.</summary>
        private async Task StartAgainAsync(string resourceId, Instance instance, string state, CancellationToken stopping)
        {
            // Once more after the start is over: an end in that very moment was seen by nobody.
            do
            {
                try
                {
                    do
                    {
                        await Task.Delay(instance.NextDelay(time), time, stopping);
                        if (!NeedsStart())
                            break;
                        LogEnded(resourceId, state);
                        var result = await commands.ExecuteCommandAsync(resourceId, KnownResourceCommands.StartCommand, stopping);
                        state = result.Success ? "right after its start" : result.Message ?? "not started";
                        await Task.Delay(FirstLook, time, stopping);
                    }
                    while (NeedsStart());
                }
                finally
                {
                    instance.EndStart();
                }
            }
            while (NeedsStart() && instance.TryBeginStart());

            bool NeedsStart() => !instance.WasAskedToStop && HasEnded(SnapshotOf(resourceId)?.State?.Text);
        }

        private static bool HasEnded(string? state) => state is not null && KnownResourceStates.TerminalStates.Contains(state);

        [LoggerMessage(LogLevel.Warning, "{Resource} ended ({State}) and is started again.")]
        private partial void LogEnded(string resource, string state);
    }

    /// <summary>One process of a resource: whether its end was asked for, and how often it died lately.</summary>
    private sealed class Instance
    {
        private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.5);
        private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);
        private static readonly TimeSpan LongLife = TimeSpan.FromSeconds(10);

        private int? running, asked;
        private long? runningSince;
        private int deaths;
        private int isBeingStarted;
        private volatile bool wasAskedToStop;

        public bool WasAskedToStop => wasAskedToStop;

        /// <summary>Said before it is stopped.</summary>
        public void AskToStop(int? pid)
        {
            asked = pid;
            wasAskedToStop = true;
        }

        public void RunsOn() => wasAskedToStop = false;

        /// <summary>Whether the caller is the one who starts it again.</summary>
        public bool TryBeginStart() => Interlocked.CompareExchange(ref isBeingStarted, 1, 0) == 0;

        public void EndStart() => Volatile.Write(ref isBeingStarted, 0);

        /// <summary>Said again and again of a process, also after it was asked to stop.</summary>
        public void IsRunning(int pid, TimeProvider time)
        {
            if (pid != running)
            {
                running = pid;
                runningSince = time.GetTimestamp();
            }
            if (pid != asked)
                RunsOn();
        }

        /// <summary>How long to wait before the next start.</summary>
        public TimeSpan NextDelay(TimeProvider time)
        {
            if (runningSince is { } since && time.GetElapsedTime(since) >= LongLife)
                deaths = 0;
            runningSince = null;
            return TimeSpan.FromTicks(Math.Min(LongestDelay.Ticks, FirstDelay.Ticks << Math.Min(deaths++, 10)));
        }
    }
}

/// <summary>Marks a resource that is started again when it ends by itself.</summary>
internal sealed class RestartAnnotation : IResourceAnnotation;
