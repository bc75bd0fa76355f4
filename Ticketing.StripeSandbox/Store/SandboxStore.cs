using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Ticketing.StripeSandbox.Store;

/// <summary>
/// Everything the sandbox knows, in one SQLite file (in memory without a data directory). One transaction at a time, in one
/// process. A committed transaction survives the death of the process; with <c>synchronous = NORMAL</c> the last ones may be
/// lost in a power failure, without damage to the file (https://www.sqlite.org/pragma.html#pragma_synchronous).
/// </summary>
internal sealed class SandboxStore : IDisposable
{
    private const string FileName = "sandbox.db";
    private const string ConfiguredEndpointId = "we_configured";

    // Ids of one type begin alike and sort by their creation. An object that is open can still change without a call, and is
    // not forgotten; at due (Unix seconds) its time is up. Deliveries are in Unix milliseconds.
    private const string Schema = """
        PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        CREATE TABLE IF NOT EXISTS objects (
            seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, created INTEGER NOT NULL,
            open INTEGER NOT NULL, due INTEGER, json TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS objects_open ON objects (open) WHERE open;
        CREATE INDEX IF NOT EXISTS objects_due ON objects (due) WHERE due IS NOT NULL;
        CREATE TABLE IF NOT EXISTS deliveries (
            id INTEGER PRIMARY KEY, event TEXT NOT NULL, endpoint TEXT NOT NULL, created INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0, next_attempt INTEGER NOT NULL);
        CREATE INDEX IF NOT EXISTS deliveries_next_attempt ON deliveries (next_attempt);
        CREATE TABLE IF NOT EXISTS idempotency_records (
            key TEXT PRIMARY KEY, created INTEGER NOT NULL, path TEXT NOT NULL, parameters TEXT NOT NULL,
            status INTEGER NOT NULL, body TEXT NOT NULL);
        """;

    private readonly Lock guard = new();
    private readonly SqliteConnection connection;
    private readonly TimeProvider time;

    public SandboxStore(IOptions<SandboxOptions> options, TimeProvider time)
    {
        this.time = time;
        var file = options.Value.DataDirectory is { Length: > 0 } directory
            ? Path.Combine(Directory.CreateDirectory(directory).FullName, FileName)
            : ":memory:";
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
        connection.Open();
        connection.Execute(Schema);
        Run(Caller.None, transaction => Configure(transaction, options.Value));
    }

    /// <summary>Released after a commit that left an event to deliver.</summary>
    public SemaphoreSlim Published { get; } = new(0);

    /// <summary>
    /// Does one piece of work: all of its changes are committed or, when it throws, none of them, but for those of a
    /// <see cref="StripeFailure"/> that was executed (a declined card is kept).
    /// </summary>
    public T Run<T>(Caller caller, Func<SandboxTransaction, T> work)
    {
        lock (guard)
        {
            using var transaction = connection.BeginTransaction();
            var scope = new SandboxTransaction(connection, time.GetUtcNow(), caller);
            try
            {
                var result = work(scope);
                transaction.Commit();
                return result;
            }
            catch (StripeFailure failure) when (failure.Executed)
            {
                transaction.Commit();
                throw;
            }
            finally
            {
                if (scope.Published)
                    Published.Release();
            }
        }
    }

    public void Dispose()
    {
        connection.Dispose();
        Published.Dispose();
    }

    /// <summary>Stores the endpoint of the configuration, or removes it when there is none.</summary>
    private static bool Configure(SandboxTransaction store, SandboxOptions options)
    {
        if (options.WebhookUrl is { Length: > 0 } url)
            store.Put(new WebhookEndpoint { Id = ConfiguredEndpointId, Url = url, Secret = options.WebhookSecret, EnabledEvents = ["*"], Status = "enabled" });
        else
            store.Remove(ConfiguredEndpointId);
        return true;
    }
}
