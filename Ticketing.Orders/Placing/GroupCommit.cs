using Ticketing.ServiceDefaults;

namespace Ticketing.Orders.Placing;

/// <summary>
/// Puts requests that wait at the same time into one transaction. A few lanes each take what is there when they are free,
/// and nobody is kept waiting for others to come: alone, a request is a transaction of its own at once; under load the
/// requests that came during one commit are the next. Each gets its outcome after its commit.
/// </summary>
/// <param name="commit">
/// Does them in one transaction and tells the outcome of each, in their order; null where it could not be judged before
/// the others were: it is the first of its key next time.
/// </param>
/// <param name="bounds">How much may wait, and how long.</param>
/// <param name="clock">Measures how long.</param>
internal sealed class GroupCommit<TKey, TRequest, TOutcome>(
    Func<IReadOnlyList<TRequest>, CancellationToken, Task<IReadOnlyList<TOutcome?>>> commit,
    GroupCommitBounds bounds,
    TimeProvider clock)
    where TKey : notnull
    where TOutcome : class
{
    private static readonly Task<TOutcome?> Refused = Task.FromResult<TOutcome?>(null);

    private readonly FairQueue<TKey, Entry> queue =
        new(bounds.Waiting, bounds.WaitingPerKey, bounds.Crowd, bounds.LongestWait, entry => entry.Since, clock);

    private int underWay;

    /// <summary>How many wait to be taken.</summary>
    public int Waiting => queue.Waiting;

    /// <summary>Whether a request for this key would be refused now.</summary>
    public bool IsClosed(TKey key) => queue.IsClosed(key);

    /// <summary>How many are in a transaction now.</summary>
    public int UnderWay => Volatile.Read(ref underWay);

    /// <summary>
    /// Waits for the request's turn and its commit. Null: it was not done, since too many wait, or too long. Cancelled: it
    /// was not done, since its client left before its turn. An exception: what its transaction failed with.
    /// </summary>
    public Task<TOutcome?> SubmitAsync(TKey key, TRequest request, CancellationToken cancellationToken)
    {
        var entry = new Entry(key, request, clock.GetTimestamp(), cancellationToken);
        return queue.TryAdd(key, entry) ? entry.Outcome : Refused;
    }

    /// <summary>Works until <see cref="Close"/>, and then until nobody waits any more.</summary>
    /// <param name="cancellationToken">Gives up: whoever still waits is refused.</param>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, bounds.Lanes).Select(_ => Task.Run(() => WorkAsync(cancellationToken), CancellationToken.None)));

    /// <summary>Refuses whoever comes from now on.</summary>
    public void Close() => queue.Close();

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        // Without the token: also when it is too late for work, everybody who waits gets an answer.
        while (await queue.TakeAsync(bounds.Together, CancellationToken.None) is { } hand)
        {
            var unjudged = new List<(TKey, Entry)>();
            Interlocked.Add(ref underWay, hand.Items.Count);
            await CommitAsync([.. hand.Items.Where(entry => IsStillWanted(entry, cancellationToken))], unjudged, cancellationToken);
            Interlocked.Add(ref underWay, -hand.Items.Count);
            queue.GiveBack(hand, unjudged);
        }
    }

    private async Task CommitAsync(Entry[] entries, List<(TKey, Entry)> unjudged, CancellationToken cancellationToken)
    {
        if (entries.Length == 0)
            return;
        try
        {
            var outcomes = await commit([.. entries.Select(entry => entry.Request)], cancellationToken);
            foreach (var (entry, outcome) in entries.Zip(outcomes))
            {
                if (outcome is null)
                    unjudged.Add((entry.Key, entry));
                else
                    entry.End(outcome);
            }
        }
        catch (Exception exception) when (entries.Length > 1 && !TransientFailure.Is(exception))
        {
            // One of them is to blame, and all were rolled back: the halves without it go through.
            await CommitAsync(entries[..(entries.Length / 2)], unjudged, cancellationToken);
            await CommitAsync(entries[(entries.Length / 2)..], unjudged, cancellationToken);
        }
        catch (Exception exception)
        {
            // Theirs alone, or the database's: then nobody knows whether it was done. Trying again is up to the client.
            foreach (var entry in entries)
                entry.Fail(exception);
        }
    }

    private bool IsStillWanted(Entry entry, CancellationToken cancellationToken)
    {
        if (entry.Cancelled.IsCancellationRequested)
            entry.Cancel();
        else if (cancellationToken.IsCancellationRequested || clock.GetElapsedTime(entry.Since) > bounds.Patience)
            entry.End(null);
        else
            return true;
        return false;
    }

    private sealed class Entry(TKey key, TRequest request, long since, CancellationToken cancelled)
    {
        private readonly TaskCompletionSource<TOutcome?> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TKey Key => key;

        public TRequest Request => request;

        public long Since => since;

        public CancellationToken Cancelled => cancelled;

        public Task<TOutcome?> Outcome => outcome.Task;

        public void End(TOutcome? result) => outcome.SetResult(result);

        public void Cancel() => outcome.SetCanceled(cancelled);

        public void Fail(Exception exception) => outcome.SetException(exception);
    }
}

/// <summary>The bounds of a <see cref="GroupCommit{TKey, TRequest, TOutcome}"/>.</summary>
/// <param name="Lanes">How many transactions are under way at once.</param>
/// <param name="Together">The most requests of one transaction.</param>
/// <param name="Waiting">The most that wait in all.</param>
/// <param name="WaitingPerKey">The most that wait for one key.</param>
/// <param name="Crowd">So many, at least 1, are a crowd.</param>
/// <param name="LongestWait">When the first of a crowd has waited for so long, nobody joins it.</param>
/// <param name="Patience">How long one that joined may wait for its turn.</param>
internal sealed record GroupCommitBounds(int Lanes, int Together, int Waiting, int WaitingPerKey, int Crowd, TimeSpan LongestWait, TimeSpan Patience);
