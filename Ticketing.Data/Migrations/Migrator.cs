using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Ticketing.ServiceDefaults;

namespace Ticketing.Data;

/// <summary>
/// Brings the database up to date before the service starts: runs the scripts that it has not seen, in the order of their
/// names, each in a transaction of its own. Replicas that start together take turns under an advisory lock. A database that
/// is away is waited for; a migration that fails, or that was changed after it had been applied, ends the service. A database
/// that a newer version has migrated is used as it is: migrations only add what older versions need not know
/// (docs/operations.md, "Rolling upgrade").
/// <para>
/// Where a job of its own migrates, since the service's role may not, the service only waits until that has been done.
/// </para>
/// </summary>
internal sealed partial class Migrator(
    NpgsqlDataSource database, IReadOnlyList<Migration> migrations, bool atStart, TimeProvider clock, ILogger<Migrator> logger)
    : IHostedLifecycleService
{
    // Any number will do that nothing else in these databases locks.
    private const long AdvisoryLock = 7_428_001;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(100);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (atStart)
            await RunAsync(cancellationToken);
        else
            await RetryAsync(ExpectMigratedAsync, cancellationToken);
    }

    /// <summary>Migrates the database, also where services do not do so by themselves.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => RetryAsync(MigrateAsync, cancellationToken);

    private async Task RetryAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await work(cancellationToken);
                return;
            }
            catch (Exception exception) when (TransientFailure.Is(exception) || exception is NotMigratedException)
            {
                LogWaiting(exception.Message);
                await Task.Delay(RetryDelay, clock, cancellationToken);
            }
        }
    }

    /// <exception cref="NotMigratedException">A script has not run yet.</exception>
    private async Task ExpectMigratedAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var begun = await connection.ExecuteScalarAsync<bool>("SELECT to_regclass('schema_migrations') IS NOT NULL");
        var applied = begun ? await connection.QueryAsync<string>("SELECT name FROM schema_migrations") : [];
        if (migrations.Select(migration => migration.Name).Except(applied).FirstOrDefault() is { } missing)
            throw new NotMigratedException(missing);
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // Polled: who waits in pg_advisory_lock holds a snapshot, for whose end CREATE INDEX CONCURRENTLY would wait forever.
        while (!await connection.ExecuteScalarAsync<bool>("SELECT pg_try_advisory_lock(@AdvisoryLock)", new { AdvisoryLock }))
            await Task.Delay(LockPoll, clock, cancellationToken);
        try
        {
            var applied = await OpenJournalAsync(connection);
            var newer = applied.Keys.Except(migrations.Select(migration => migration.Name)).Order(StringComparer.Ordinal).ToList();
            if (newer.Count > 0)
                LogNewer(string.Join(", ", newer));
            if (migrations.FirstOrDefault(migration => applied.TryGetValue(migration.Name, out var checksum) && checksum != migration.Checksum) is { } changed)
                throw new ChangedMigrationException(changed.Name);
            foreach (var migration in migrations.Where(migration => !applied.ContainsKey(migration.Name)))
            {
                if (migration.OutsideTransaction)
                    await RunOutsideTransactionAsync(connection, migration);
                else
                    await RunInTransactionAsync(connection, migration, cancellationToken);
                LogApplied(migration.Name);
            }
        }
        finally
        {
            // The connection goes back to the pool with its session's lock; so it is released by hand.
            await connection.ExecuteAsync("SELECT pg_advisory_unlock(@AdvisoryLock)", new { AdvisoryLock });
        }
    }

    /// <summary>
    /// Which scripts have run, with their checksums. Those from before there were checksums, or of a replica of that time, are
    /// taken to be what the service has now.
    /// </summary>
    private async Task<Dictionary<string, string?>> OpenJournalAsync(NpgsqlConnection connection)
    {
        await connection.ExecuteAsync(
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                name       text PRIMARY KEY,
                applied_at timestamptz NOT NULL DEFAULT now()
            );
            ALTER TABLE schema_migrations ADD COLUMN IF NOT EXISTS checksum text;
            """);
        await connection.ExecuteAsync(
            """
            UPDATE schema_migrations SET checksum = known.checksum
            FROM unnest(@names, @checksums) AS known (name, checksum)
            WHERE schema_migrations.name = known.name AND schema_migrations.checksum IS NULL
            """,
            new
            {
                names = migrations.Select(migration => migration.Name).ToArray(),
                checksums = migrations.Select(migration => migration.Checksum).ToArray(),
            });
        var rows = await connection.QueryAsync<(string Name, string? Checksum)>("SELECT name, checksum FROM schema_migrations");
        return rows.ToDictionary(row => row.Name, row => row.Checksum);
    }

    private static async Task RunInTransactionAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(migration.Sql, transaction: transaction, commandTimeout: 0);
        await RecordAsync(connection, migration, transaction);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task RunOutsideTransactionAsync(NpgsqlConnection connection, Migration migration)
    {
        // What a broken attempt left behind: IF NOT EXISTS would take it for the index.
        var invalid = await connection.QueryAsync<string>(
            """
            SELECT indexrelid::regclass::text
            FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
            WHERE NOT indisvalid AND relname = ANY(@Words)
            """,
            new { migration.Words });
        // An index that is built or dropped beside the work waits for every transaction that was there before it, such as a backup's.
        await connection.ExecuteAsync("SET lock_timeout = 0");
        try
        {
            foreach (var index in invalid)
                await connection.ExecuteAsync($"DROP INDEX CONCURRENTLY {index}", commandTimeout: 0);
            await connection.ExecuteAsync(migration.Sql, commandTimeout: 0);
        }
        finally
        {
            // The connection goes back to the pool as it is.
            await connection.ExecuteAsync("RESET lock_timeout");
        }
        await RecordAsync(connection, migration);
    }

    private static Task<int> RecordAsync(NpgsqlConnection connection, Migration migration, NpgsqlTransaction? transaction = null) =>
        connection.ExecuteAsync(
            "INSERT INTO schema_migrations (name, checksum) VALUES (@Name, @Checksum)", new { migration.Name, migration.Checksum }, transaction);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "Applied migration {Name}")]
    private partial void LogApplied(string name);

    [LoggerMessage(LogLevel.Warning, "A newer version of this service has migrated the database ({Names}); this one goes on with it")]
    private partial void LogNewer(string names);

    [LoggerMessage(LogLevel.Warning, "The database is not there yet, trying again: {Reason}")]
    private partial void LogWaiting(string reason);

    private sealed class NotMigratedException(string missing)
        : Exception($"the migration {missing} has not run; --migrate runs it, as the database's owner");
}
