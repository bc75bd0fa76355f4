using Microsoft.Extensions.Options;

namespace Ticketing.StripeSandbox.Bookkeeping;

/// <summary>
/// All that the sandbox knows. One writer at a time; what a change writes is in the journal before anybody sees it, so
/// that the books survive the process.
/// </summary>
internal sealed class Books : IDisposable
{
    private readonly Lock guard = new();
    private readonly Shelves shelves = new();
    private readonly TimeProvider time;
    private readonly Journal? journal;

    public Books(IOptions<SandboxOptions> options, TimeProvider time)
    {
        this.time = time;
        if (options.Value.DataDirectory is not { Length: > 0 } directory)
            return;
        foreach (var line in Journal.Read(directory))
            shelves.Apply(line);
        journal = Journal.Start(directory, shelves.Everything);
    }

    /// <summary>Told after a change that left something to deliver.</summary>
    public event Action? DeliveriesAdded;

    /// <summary>
    /// Does one piece of work on the books: all of its changes or, when it throws, none of them, but for those of a
    /// <see cref="Protocol.StripeFailure"/> that says it was executed (a decline is kept).
    /// </summary>
    public T Write<T>(Caller caller, Func<BooksTransaction, T> work)
    {
        var transaction = new BooksTransaction(shelves, time.GetUtcNow(), caller);
        lock (guard)
        {
            try
            {
                var result = work(transaction);
                Commit(transaction);
                return result;
            }
            catch (Protocol.StripeFailure failure) when (failure.Executed)
            {
                Commit(transaction);
                throw;
            }
        }
    }

    /// <summary>All entries of one kind at this moment, in no order.</summary>
    public List<T> All<T>()
        where T : Entry
    {
        lock (guard)
            return [.. shelves.All<T>()];
    }

    public T? Find<T>(string id)
        where T : Entry
    {
        lock (guard)
            return shelves.Find<T>(id);
    }

    public void Dispose() => journal?.Dispose();

    private void Commit(BooksTransaction transaction)
    {
        var line = transaction.Changes();
        if (line.Put.Count == 0 && line.Removed.Count == 0)
            return;
        journal?.Append(line);
        shelves.Apply(line);
        if (journal is { Bloated: true })
            journal.Rewrite(shelves.Everything);
        if (line.Put.Any(entry => entry is Delivery))
            DeliveriesAdded?.Invoke();
    }
}
