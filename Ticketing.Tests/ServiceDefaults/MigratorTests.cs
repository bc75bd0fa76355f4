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
    [Theory]
    [InlineData(typeof(Ticketing.Auth.Users.User))]
    [InlineData(typeof(Ticketing.Tickets.Listing))]
    [InlineData(typeof(Ticketing.Orders.Order))]
    [InlineData(typeof(Ticketing.Payments.PaymentLedger))]
    public async Task Replicas_that_start_together_migrate_once(Type service)
    {
        var connectionString = await servers.CreateDatabaseAsync("migrator");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MigrateAsync(connectionString, service)));

        await using var connection = new NpgsqlConnection(connectionString);
        var applied = (await connection.QueryAsync<string>("SELECT name FROM schema_migrations ORDER BY applied_at, name")).ToList();
        var scripts = service.Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        applied[0].ShouldEndWith("0000_outbox.sql");
        applied[1..].ShouldBe(scripts);
    }

    private static async Task MigrateAsync(string connectionString, Type service)
    {
        // Each replica has a pool of its own.
        await using var database = NpgsqlDataSource.Create(connectionString);
        await new Migrator(database, service.Assembly, atStart: true, NullLogger<Migrator>.Instance).StartingAsync(CancellationToken.None);
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
