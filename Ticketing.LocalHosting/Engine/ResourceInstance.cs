using System.Diagnostics;

namespace Ticketing.LocalHosting.Engine;

/// <summary>Where a process is in its life; the names are Aspire's.</summary>
internal enum ResourceState
{
    /// <summary>Until what it depends on is healthy.</summary>
    Waiting,
    Starting,
    Running,
    Stopping,

    /// <summary>It ended, and is started again soon unless the application stops.</summary>
    Exited,
}

internal enum ResourceHealth
{
    Healthy,
    Degraded,
    Unhealthy,
}

/// <summary>
/// One process of the application: a server, or one replica of a project. It is kept alive until the application stops.
/// </summary>
internal abstract class ResourceInstance(string name, string type, IResource resource, ConsoleLog log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongLife = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ProbeWhileUnhealthy = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan ProbeWhileServing = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource healthy = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => name;

    public string Type => type;

    public IResource Resource => resource;

    public ResourceState State { get; private set; } = ResourceState.Waiting;

    /// <summary>Null while no process runs.</summary>
    public ResourceHealth? Health { get; private set; }

    public int Restarts { get; private set; }

    /// <summary>Completes when the process serves for the first time.</summary>
    public Task FirstHealthy => healthy.Task;

    public abstract int? ProcessId { get; }

    public abstract IReadOnlyList<string> Endpoints { get; }

    protected ConsoleLog Log { get; } = log;

    /// <summary>Completes with the exit code when the present process ends.</summary>
    protected abstract Task<int> Exited { get; }

    /// <summary>
    /// Starts the process and keeps it alive until <paramref name="stopping"/>; then it is left to
    /// <see cref="StopAsync"/>.
    /// </summary>
    /// <exception cref="LocalHostingException">The first start failed for a reason that trying again does not
    /// mend.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        for (var pause = FirstPause; ; Restarts++)
        {
            State = ResourceState.Starting;
            var started = Stopwatch.GetTimestamp();
            try
            {
                await StartAsync(stopping);
                State = ResourceState.Running;
                await WatchAsync(stopping);
                Log.Write(name, $"ended with exit code {await Exited}");
            }
            catch (Exception exception) when (Restarts > 0 && !stopping.IsCancellationRequested)
            {
                // Once everything ran, no failure of one process is a reason to give up the others.
                Log.Write(name, exception.Message);
            }

            State = ResourceState.Exited;
            Health = null;
            if (Stopwatch.GetElapsedTime(started) > LongLife)
                pause = FirstPause;
            Log.Write(name, $"starts again in {pause.TotalSeconds} s");
            await Task.Delay(pause, stopping);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Ends the process in good order, or kills it when <paramref name="grace"/> is over.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        State = ResourceState.Stopping;
        await StopProcessAsync(grace);
        State = ResourceState.Exited;
        Health = null;
    }

    protected abstract Task StartAsync(CancellationToken cancellationToken);

    protected abstract Task<ResourceHealth> ProbeAsync(CancellationToken cancellationToken);

    protected abstract Task StopProcessAsync(TimeSpan grace);

    private async Task WatchAsync(CancellationToken stopping)
    {
        while (!Exited.IsCompleted)
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            timeout.CancelAfter(ProbeTimeout);
            try
            {
                Health = await ProbeAsync(timeout.Token);
            }
            catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
            {
                Health = ResourceHealth.Unhealthy;
            }

            // A degraded one serves: it may have started with messages in an error queue.
            if (Health != ResourceHealth.Unhealthy)
                healthy.TrySetResult();
            var pause = Health == ResourceHealth.Unhealthy ? ProbeWhileUnhealthy : ProbeWhileServing;
            await Task.WhenAny(Exited, Task.Delay(pause, stopping));
            stopping.ThrowIfCancellationRequested();
        }
    }
}
