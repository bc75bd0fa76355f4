using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

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

    /// <summary>The developer stopped it: nobody but the developer starts it again.</summary>
    Stopped,
}

internal enum ResourceHealth
{
    Healthy,
    Degraded,
    Unhealthy,
}

/// <summary>
/// One process of the application: a server, or one replica of a project. It is kept alive until the application stops or
/// the developer says otherwise.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A source of cancellation without a timer or a handle holds nothing.")]
internal abstract class ResourceInstance(string name, string type, IResource resource, ConsoleLog log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongLife = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource healthy = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock commands = new();
    private CancellationTokenSource command = new();
    private bool wanted = true;
    private bool removed;

    /// <summary>After every change of what is shown of it.</summary>
    public event Action? Changed;

    public string Name => name;

    public string Type => type;

    public IResource Resource => resource;

    public ResourceState State { get; private set; } = ResourceState.Waiting;

    /// <summary>Null while no process runs.</summary>
    public ResourceHealth? Health { get; private set; }

    /// <summary>How often it was started again after it had ended by itself.</summary>
    public int Restarts { get; private set; }

    /// <summary>When the present process was started; null while none runs.</summary>
    public DateTimeOffset? Started { get; private set; }

    /// <summary>How the last process ended that ended by itself.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>The variables that the engine gave the present process.</summary>
    public virtual IReadOnlyDictionary<string, string?> Environment { get; } = new Dictionary<string, string?>();

    /// <summary>Whether it is for the engine to start and stop; a server elsewhere is not.</summary>
    public virtual bool IsOurs => true;

    /// <summary>Completes when the process serves for the first time.</summary>
    public Task FirstHealthy => healthy.Task;

    /// <summary>Completes when it has stopped after <see cref="Remove"/>.</summary>
    public Task Gone => gone.Task;

    public abstract int? ProcessId { get; }

    public abstract IReadOnlyList<string> Endpoints { get; }

    protected ConsoleLog Log { get; } = log;

    /// <summary>Completes with the exit code when the present process ends.</summary>
    protected abstract Task<int> Exited { get; }

    /// <summary>
    /// Starts the process and keeps it alive until <paramref name="stopping"/>, when it is left to
    /// <see cref="StopAsync"/>, or until <see cref="Remove"/>.
    /// </summary>
    /// <param name="stopping">The application stops.</param>
    /// <param name="added">It joins an application that runs: then no failure of it is a reason to give up the
    /// others.</param>
    /// <exception cref="LocalHostingException">The first start failed for a reason that trying again does not
    /// mend.</exception>
    public async Task RunAsync(CancellationToken stopping, bool added = false)
    {
        var pause = FirstPause;
        for (var again = added; ; again = true)
        {
            var next = NextCommand();
            if (!wanted)
            {
                Show(ResourceState.Stopped);
                if (removed)
                {
                    gone.SetResult();
                    return;
                }

                await UntilAsync(next, stopping);
                pause = FirstPause;
                continue;
            }

            using var life = CancellationTokenSource.CreateLinkedTokenSource(stopping, next);
            var started = Stopwatch.GetTimestamp();
            try
            {
                Started = TimeProvider.System.GetUtcNow();
                Show(ResourceState.Starting);
                await StartAsync(life.Token);
                Show(ResourceState.Running);
                await new HealthWatch(Exited, ProbeAsync, ShowHealth).RunAsync(life.Token);
                ExitCode = await Exited;
                Log.Write(name, $"ended with exit code {ExitCode}");
            }
            catch (OperationCanceledException) when (next.IsCancellationRequested && !stopping.IsCancellationRequested)
            {
                Show(ResourceState.Stopping, Health);
                // Once more by StopAsync, if the application stops in the meantime.
                await StopProcessAsync(StopGrace).WaitAsync(stopping);
                pause = FirstPause;
                continue;
            }
            catch (Exception exception) when (again && !stopping.IsCancellationRequested)
            {
                // Once everything ran, no failure of one process is a reason to give up the others.
                Log.Write(name, exception.Message);
            }

            Show(ResourceState.Exited);
            if (Stopwatch.GetElapsedTime(started) > LongLife)
                pause = FirstPause;
            Log.Write(name, $"starts again in {pause.TotalSeconds} s");
            await Task.WhenAny(Task.Delay(pause, life.Token));
            stopping.ThrowIfCancellationRequested();
            if (next.IsCancellationRequested)
                continue;
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            Restarts++;
        }
    }

    /// <summary>The developer wants it to run: it starts at once, unless it runs.</summary>
    public void Start() => Command(() => (wanted, State) is (false, _) or (_, ResourceState.Exited), () => wanted = true);

    /// <summary>The developer does not want it to run.</summary>
    public void Stop() => Command(() => wanted, () => wanted = false);

    /// <summary>The developer wants a new process.</summary>
    public void Restart() => Command(() => true, () => wanted = true);

    /// <summary>It stops for good, and <see cref="RunAsync"/> ends.</summary>
    public void Remove() => Command(() => true, () => (wanted, removed) = (false, true));

    /// <summary>Ends the process in good order, or kills it when <paramref name="grace"/> is over.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        Show(ResourceState.Stopping, Health);
        await StopProcessAsync(grace);
        await ReleaseAsync();
        Show(ResourceState.Exited);
    }

    protected abstract Task StartAsync(CancellationToken cancellationToken);

    protected abstract Task<ResourceHealth> ProbeAsync(CancellationToken cancellationToken);

    protected abstract Task StopProcessAsync(TimeSpan grace);

    /// <summary>Gives up what is kept over stops and starts.</summary>
    protected virtual ValueTask ReleaseAsync() => default;

    private void Command(Func<bool> changesAnything, Action change)
    {
        lock (commands)
        {
            if (!changesAnything())
                return;
            change();
            if (State is ResourceState.Waiting or ResourceState.Stopped)
                State = wanted ? ResourceState.Waiting : ResourceState.Stopped;
            command.Cancel();
        }

        Changed?.Invoke();
    }

    /// <summary>Is cancelled by the next thing that the developer wants.</summary>
    private CancellationToken NextCommand()
    {
        lock (commands)
        {
            if (command.IsCancellationRequested)
            {
                command.Dispose();
                command = new();
            }

            return command.Token;
        }
    }

    private static async Task UntilAsync(CancellationToken next, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(next, stopping);
        await Task.WhenAny(Task.Delay(Timeout.Infinite, either.Token));
        stopping.ThrowIfCancellationRequested();
    }

    private void ShowHealth(ResourceHealth health)
    {
        // A degraded one serves: it may have started with messages in an error queue.
        if (health != ResourceHealth.Unhealthy)
            healthy.TrySetResult();
        Show(ResourceState.Running, health);
    }

    private void Show(ResourceState state, ResourceHealth? health = null)
    {
        if (state is ResourceState.Exited or ResourceState.Stopped)
            Started = null;
        if ((State, Health) == (state, health) && state != ResourceState.Starting)
            return;
        (State, Health) = (state, health);
        Changed?.Invoke();
    }
}
