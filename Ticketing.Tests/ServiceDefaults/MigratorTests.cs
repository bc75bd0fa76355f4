using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Shouldly;
using Ticketing.ServiceDefaults;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.ServiceDefaults;

public sealed class MigratorTests(Servers servers)
{
    [Fact]
    public async Task Replicas_that_start_together_migrate_once()
    {
        await using var database = NpgsqlDataSource.Create(await servers.CreateDatabaseAsync("migrator"));
        var assembly = typeof(Ticketing.Orders.Order).Assembly;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            new Migrator(database, assembly, NullLogger<Migrator>.Instance).StartingAsync(CancellationToken.None)));

        await using var connection = await database.OpenConnectionAsync();
        var applied = (await connection.QueryAsync<string>("SELECT name FROM schema_migrations ORDER BY applied_at, name")).ToList();
        applied.Count.ShouldBe(2);
        applied[0].ShouldEndWith("0000_outbox.sql");
        applied[1].ShouldEndWith("0001_orders.sql");
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
}
