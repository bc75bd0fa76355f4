namespace Ticketing.LocalHosting.Engine;

/// <summary>Tells any number of listeners that something changed. Take <see cref="Next"/> first, then look, then await it.</summary>
internal sealed class ChangeSignal
{
    private TaskCompletionSource next = New();

    /// <summary>Completes with the next change.</summary>
    public Task Next => Volatile.Read(ref next).Task;

    public void Set() => Interlocked.Exchange(ref next, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
