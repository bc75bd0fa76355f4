using System.Collections.Concurrent;

namespace Ticketing.LocalHosting.Processes;

/// <summary>
/// The one thread that starts processes. The kernel sends a child its parent-death signal when the <em>thread</em> that
/// forked it ends, and threads of the pool come and go; this one lives as long as the process.
/// </summary>
internal static class LauncherThread
{
    private static readonly BlockingCollection<Action> Work = [];

    static LauncherThread() => new Thread(Run) { IsBackground = true, Name = "process launcher" }.Start();

    public static Task<T> RunAsync<T>(Func<T> start)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                result.SetResult(start());
            }
            catch (Exception exception)
            {
                result.SetException(exception);
            }
        });
        return result.Task;
    }

    private static void Run()
    {
        foreach (var work in Work.GetConsumingEnumerable())
            work();
    }
}
