using System.Reflection;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Ticketing.ServiceDefaults;

namespace Ticketing.Data;

/// <summary>
/// Brings the database up to date before the service starts: runs the embedded <c>*.sql</c> files that it has not
/// seen, in the order of their names, each in a transaction of its own. Replicas that start together take turns
/// under an advisory lock. A database that is away is waited for; a migration that fails ends the service. One that a
/// newer version has migrated is used as it is: migrations only add what older versions need not know
/// (docs/operations.md, "Rolling upgrade").
/// <para>
/// Where a job of its own migrates, since the service's role may not, the service only waits until that has been done.
/// </para>
/// </summary>
internal sealed partial class Migrator(NpgsqlDataSource database, Assembly service, bool atStart, ILogger<Migrator> logger)
    : IHostedLifecycleService
{
    // Any number will do that nothing else in these databases locks.
    private const long AdvisoryLock = 7_428_001;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

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
                await Task.Delay(RetryDelay, cancellationToken);
            }
        }
    }

    /// <exception cref="NotMigratedException">A script has not run yet.</exception>
    private async Task ExpectMigratedAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var begun = await connection.ExecuteScalarAsync<bool>("SELECT to_regclass('schema_migrations') IS NOT NULL");
        var applied = begun ? await connection.QueryAsync<string>("SELECT name FROM schema_migrations") : [];
        if (Scripts().Select(script => script.Name).Except(applied).FirstOrDefault() is { } missing)
            throw new NotMigratedException(missing);
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // Closing the connection would keep a session lock in the pool; so it is released by hand.
        await connection.ExecuteAsync("SELECT pg_advisory_lock(@AdvisoryLock)", new { AdvisoryLock }, commandTimeout: 0);
        try
        {
            await connection.ExecuteAsync(
                """
                CREATE TABLE IF NOT EXISTS schema_migrations (
                    name       text PRIMARY KEY,
                    applied_at timestamptz NOT NULL DEFAULT now()
                )
                """);
            var applied = (await connection.QueryAsync<string>("SELECT name FROM schema_migrations")).ToHashSet();
            var scripts = Scripts().ToList();
            var newer = applied.Except(scripts.Select(script => script.Name)).Order(StringComparer.Ordinal).ToList();
            if (newer.Count > 0)
                LogNewer(string.Join(", ", newer));
            foreach (var (name, sql) in scripts.Where(script => !applied.Contains(script.Name)))
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await connection.ExecuteAsync(sql, transaction: transaction, commandTimeout: 0);
                await connection.ExecuteAsync(
                    "INSERT INTO schema_migrations (name) VALUES (@name)", new { name }, transaction);
                await transaction.CommitAsync(cancellationToken);
                LogApplied(name);
            }
        }
        finally
        {
            await connection.ExecuteAsync("SELECT pg_advisory_unlock(@AdvisoryLock)", new { AdvisoryLock });
        }
    }

    /// <summary>Our own scripts (the outbox), then the service's, each sorted by number.</summary>
    private IEnumerable<(string Name, string Sql)> Scripts() =>
        new[] { typeof(Migrator).Assembly, service }
            .SelectMany(assembly => assembly.GetManifestResourceNames()
                .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => (name, EmbeddedText.Read(assembly, name))));

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
