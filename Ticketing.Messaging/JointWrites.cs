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
/// time limit of its own, which is far below <see cref="TimeLimits.Delivery"/>.
/// </param>
/// <typeparam name="TEntry">What is written. As many wait as call at once, which the prefetch of a queue bounds.</typeparam>
public sealed class JointWrites<TEntry>(Func<IReadOnlyList<TEntry>, Task> write) : IDisposable
{
    /// <summary>
    /// So many that fail one after the other, each alone and each transiently, are not to blame: the server is away. One alone
    /// may be what made the transaction time out.
    /// </summary>
    private const int FailuresOfServer = 2;

    private readonly ConcurrentQueue<Entry> waiting = new();
    private readonly SemaphoreSlim writing = new(1);

    /// <summary>Writes an entry, with others or alone.</summary>
    /// <param name="entry">If it cannot be written, the others are written without it.</param>
    /// <param name="cancellationToken">Ends the wait; the entry may be written all the same.</param>
    /// <exception cref="Exception">What <c>write</c> failed with for this one; or for others, if the server is away.</exception>
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
        catch (Exception exception) when (entries.Count == 1)
        {
            entries[0].Fail(exception);
        }
        catch (Exception)
        {
            // One that cannot be written must not take the others with it.
            await WriteOneByOneAsync(entries);
        }
    }

    private async Task WriteOneByOneAsync(List<Entry> entries)
    {
        var failures = 0;
        foreach (var (index, entry) in entries.Index())
        {
            if (await WriteAloneAsync(entry) is not { } failure)
                failures = 0;
            else if (TransientFailure.Is(failure) && ++failures == FailuresOfServer)
            {
                entries[(index + 1)..].ForEach(left => left.Fail(failure));
                return;
            }
        }
    }

    /// <summary>What it failed with, if it did.</summary>
    private async Task<Exception?> WriteAloneAsync(Entry entry)
    {
        try
        {
            await write([entry.Value]);
            entry.Succeed();
            return null;
        }
        catch (Exception exception)
        {
            entry.Fail(exception);
            return exception;
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
