using System.Diagnostics;

namespace Ticketing.Reliability;

/// <summary>What a fault has in its hands.</summary>
internal sealed class FaultContext(Platform platform, Account account, Random random, CancellationToken cancellationToken)
{
    /// <summary>How long a step is waited for; a crowd comes by it within a second or two.</summary>
    private static readonly TimeSpan StepPatience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly HashSet<int> killed = [];

    public Platform Platform => platform;

    public Account Account => account;

    public Random Random => random;

    /// <summary>The processes that were killed so far.</summary>
    public IReadOnlySet<int> Killed => killed;

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Kills every replica of a resource (SIGKILL).</summary>
    public void Kill(string name)
    {
        foreach (var pid in platform.Host.ProcessesOf(name))
            Kill(pid);
    }

    /// <summary>Kills one replica, chosen by chance.</summary>
    public void KillOne(string name)
    {
        if (platform.Host.ProcessesOf(name) is { Count: > 0 } processes)
            Kill(processes[random.Next(processes.Count)]);
    }

    /// <summary>Stops a process in its tracks: its connections stay open and nothing answers. Disposing lets it go on.</summary>
    public IDisposable Freeze(string name)
    {
        var processes = platform.Host.ProcessesOf(name);
        foreach (var pid in processes)
            Posix.Kill(pid, Signal.Stop);
        return new Frozen(processes);
    }

    /// <summary>Waits until the platform has come to a step; false if it does not in time.</summary>
    public async Task<bool> ReachesAsync(Func<Task<bool>> step)
    {
        var watch = Stopwatch.StartNew();
        while (!await step())
        {
            if (watch.Elapsed > StepPatience)
                return false;
            await Task.Delay(PollInterval, cancellationToken);
        }
        return true;
    }

    /// <summary>Waits.</summary>
    public Task LastsAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);

    private void Kill(int pid)
    {
        killed.Add(pid);
        Posix.Kill(pid, Signal.Kill);
    }

    private sealed class Frozen(IReadOnlyList<int> processes) : IDisposable
    {
        public void Dispose()
        {
            foreach (var pid in processes)
                Posix.Kill(pid, Signal.Continue);
        }
    }
}
