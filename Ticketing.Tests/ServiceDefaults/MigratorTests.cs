using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Shouldly;
using Ticketing.Data;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.ServiceDefaults;

public sealed class MigratorTests(Servers servers)
{
    private static readonly Migration Table = new("0001_table.sql", "CREATE TABLE things (id int PRIMARY KEY, name text);");

    private static readonly Migration Index = new("0002_index.sql",
        """
        -- outside a transaction
        CREATE INDEX CONCURRENTLY IF NOT EXISTS things_name ON things (name);
        """);

    [Theory]
    [InlineData(typeof(Ticketing.Auth.Users.User))]
    [InlineData(typeof(Ticketing.Tickets.Listing))]
    [InlineData(typeof(Ticketing.Orders.Order))]
    [InlineData(typeof(Ticketing.Payments.PaymentLedger))]
    public async Task Replicas_that_start_together_migrate_once(Type service)
    {
        var connectionString = await servers.CreateDatabaseAsync("migrator");

        await MigrateTogetherAsync(connectionString, Migration.Of(service.Assembly));

        await using var connection = new NpgsqlConnection(connectionString);
        var applied = (await connection.QueryAsync<string>("SELECT name FROM schema_migrations ORDER BY applied_at, name")).ToList();
        var scripts = service.Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        applied[..2].ShouldBe([
            "Ticketing.ServiceDefaults.Messaging.Outbox.0000_outbox.sql", "Ticketing.ServiceDefaults.Messaging.Outbox.0001_outbox_money.sql"]);
        applied[2..].ShouldBe(scripts);
    }

    [Fact]
    public async Task What_ran_before_there_were_checksums_is_adopted_and_nothing_runs_twice()
    {
        var connectionString = await servers.CreateDatabaseAsync("migrator");
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.ExecuteAsync(
            $"""
            CREATE TABLE schema_migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
            {Table.Sql}
            INSERT INTO schema_migrations (name) VALUES ('{Table.Name}');
            """);

        await MigrateAsync(connectionString, [Table, Index]);

        (await connection.QueryAsync<string>("SELECT checksum FROM schema_migrations ORDER BY name")).ShouldBe([Table.Checksum, Index.Checksum]);
    }

    [Fact]
    public async Task A_script_that_was_changed_after_it_ran_ends_the_start_but_line_endings_are_no_change()
    {
        var connectionString = await servers.CreateDatabaseAsync("migrator");
        await MigrateAsync(connectionString, [Table, Index]);

        await MigrateAsync(connectionString, [Table, Index with { Sql = Index.Sql.ReplaceLineEndings("\r\n") }]);
        var changed = await Should.ThrowAsync<ChangedMigrationException>(
            () => MigrateAsync(connectionString, [Table with { Sql = "CREATE TABLE things (id bigint PRIMARY KEY);" }, Index]));

        changed.Message.ShouldContain(Table.Name);
    }

    [Fact]
    public async Task An_index_is_made_beside_writers_by_one_of_several_replicas()
    {
        var connectionString = await servers.CreateDatabaseAsync("migrator");
        await MigrateAsync(connectionString, [Table]);
        await using var writer = await WritingAsync(connectionString);
        await using var connection = new NpgsqlConnection(connectionString);

        var migrating = MigrateTogetherAsync(connectionString, [Table, Index]);
        await IndexIsBeingMadeAsync(connection);
        await writer.DisposeAsync();
        await migrating;

        (await ValidAsync(connection)).ShouldBe([true]);
    }

    [Fact]
    public async Task Without_polling_a_waiting_replica_and_the_index_wait_for_each_other()
    {
        var connectionString = await servers.CreateDatabaseAsync("migrator");
        await MigrateAsync(connectionString, [Table]);
        await using var writer = await WritingAsync(connectionString);
        await using var connection = new NpgsqlConnection(connectionString);
        await using var replica = new NpgsqlConnection(connectionString);
        await using var holder = new NpgsqlConnection(connectionString);
        await holder.OpenAsync();
        await holder.ExecuteAsync("SELECT pg_advisory_lock(1)");

        var making = holder.ExecuteAsync(Index.Sql);
        await IndexIsBeingMadeAsync(connection);
        var waiting = replica.ExecuteAsync("SELECT pg_advisory_lock(1)");
        await Eventually.HoldsAsync(
            () => connection.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)"), "the replica waits");
        await writer.DisposeAsync();

        // The server ends one of the two: either the index, or the one that waits for the lock; then the index is made.
        var failed = await Should.ThrowAsync<PostgresException>(async () =>
        {
            try
            {
                await making;
            }
            finally
            {
                await holder.ExecuteAsync("SELECT pg_advisory_unlock(1)");
                await waiting;
            }
        });
        failed.SqlState.ShouldBe(PostgresErrorCodes.DeadlockDetected);
    }

    [Fact]
    public async Task What_a_broken_attempt_left_of_an_index_is_made_anew()
    {
        var connectionString = await servers.CreateDatabaseAsync("migrator");
        await MigrateAsync(connectionString, [Table]);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.ExecuteAsync("INSERT INTO things VALUES (1, 'same'), (2, 'same')");
        await Should.ThrowAsync<PostgresException>(() => connection.ExecuteAsync("CREATE UNIQUE INDEX CONCURRENTLY things_name ON things (name)"));
        (await ValidAsync(connection)).ShouldBe([false]);

        await MigrateAsync(connectionString, [Table, Index]);

        (await ValidAsync(connection)).ShouldBe([true]);
    }

    [Fact]
    public async Task One_services_role_cannot_enter_anothers_database()
    {
        var own = new NpgsqlConnectionStringBuilder(await servers.CreateDatabaseAsync("own"));
        var foreign = new NpgsqlConnectionStringBuilder(await servers.CreateDatabaseAsync("foreign"));

        await using var intruder = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(own.ConnectionString) { Database = foreign.Database }.ConnectionString);

        (await Should.ThrowAsync<PostgresException>(() => intruder.OpenAsync())).SqlState
            .ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    private static Task MigrateTogetherAsync(string connectionString, IReadOnlyList<Migration> migrations) =>
        Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MigrateAsync(connectionString, migrations)));

    private static async Task MigrateAsync(string connectionString, IReadOnlyList<Migration> migrations)
    {
        // Each replica has a pool of its own.
        await using var database = NpgsqlDataSource.Create(connectionString);
        await new Migrator(database, migrations, atStart: true, TimeProvider.System, NullLogger<Migrator>.Instance).StartingAsync(CancellationToken.None);
    }

    /// <summary>A transaction that has written and is not over: an index is not begun beside it before its end.</summary>
    private static async Task<NpgsqlConnection> WritingAsync(string connectionString)
    {
        var writer = new NpgsqlConnection(connectionString);
        await writer.OpenAsync();
        await writer.ExecuteAsync("BEGIN; INSERT INTO things VALUES (1, 'one')");
        return writer;
    }

    private static Task IndexIsBeingMadeAsync(NpgsqlConnection connection) => Eventually.HoldsAsync(
        async () => (await ValidAsync(connection)).Count == 1, "the index is there, and not finished");

    private static async Task<IReadOnlyList<bool>> ValidAsync(NpgsqlConnection connection) =>
        [.. await connection.QueryAsync<bool>("SELECT indisvalid FROM pg_index WHERE indexrelid::regclass::text = 'things_name'")];
}
