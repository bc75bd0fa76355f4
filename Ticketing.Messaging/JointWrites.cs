using System.Collections.Concurrent;
using Ticketing.ServiceDefaults;

namespace Ticketing.Messaging;

/// <summary>
/// Writes in one transaction what several want written at the same time. Nobody waits for others to come: who comes first
/// is written alone and at once, and those who come meanwhile are the next transaction. Consumers use it, so that a busy
/// queue costs a commit for many messages and an idle one no time.
/// </summary>
/// <param name="write">
/// Writes all or none of them. What it learns it leaves in the entries. It gets no token: it is the work of many, and needs a
/// time limit of its own.
/// </param>
/// <typeparam name="TEntry">What is written. As many wait as call at once, which the prefetch of a queue bounds.</typeparam>
public sealed class JointWrites<TEntry>(Func<IReadOnlyList<TEntry>, Task> write) : IDisposable
{
    private readonly ConcurrentQueue<Entry> waiting = new();
    private readonly SemaphoreSlim writing = new(1);

    /// <summary>Writes an entry, with others or alone.</summary>
    /// <param name="entry">If it cannot be written, the others are written without it.</param>
    /// <param name="cancellationToken">Ends the wait; the entry may be written all the same.</param>
    /// <exception cref="Exception">What <c>write</c> failed with: for all of them if it is transient, else for this one.</exception>
    public async Task WriteAsync(TEntry entry, CancellationToken cancellationToken)
    {
        var mine = new Entry(entry);
        waiting.Enqueue(mine);
        // Whose turn it is writes for all who wait. The others find it done.
        await writing.WaitAsync(cancellationToken);
        try
        {
            if (!mine.Written.IsCompleted)
                await WriteAllAsync();
        }
        finally
        {
            writing.Release();
        }
        await mine.Written;
    }

    /// <inheritdoc/>
    public void Dispose() => writing.Dispose();

    private async Task WriteAllAsync()
    {
        var entries = new List<Entry>();
        while (waiting.TryDequeue(out var entry))
            entries.Add(entry);
        try
        {
            await write([.. entries.Select(entry => entry.Value)]);
            entries.ForEach(entry => entry.Succeed());
        }
        catch (Exception exception) when (entries.Count == 1 || TransientFailure.Is(exception))
        {
            entries.ForEach(entry => entry.Fail(exception));
        }
        catch (Exception)
        {
            // One that cannot be written must not take the others with it.
            foreach (var entry in entries)
                await WriteAloneAsync(entry);
        }
    }

    private async Task WriteAloneAsync(Entry entry)
    {
        try
        {
            await write([entry.Value]);
            entry.Succeed();
        }
        catch (Exception exception)
        {
            entry.Fail(exception);
        }
    }

    private sealed class Entry(TEntry value)
    {
        private readonly TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TEntry Value => value;

        public Task Written => written.Task;

        public void Succeed() => written.SetResult();

        public void Fail(Exception exception) => written.SetException(exception);
    }
}
