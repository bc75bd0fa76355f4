using Dapper;
using Npgsql;

namespace Ticketing.Reliability;

/// <summary>
/// A gate in a service's database: whoever comes to a certain statement waits there until the gate is disposed of. So a
/// process can be killed exactly between two steps, and the product needs no hook for it.
/// </summary>
internal sealed class DatabaseGate : IAsyncDisposable
{
    private const long Key = 7_230_571;

    private readonly NpgsqlConnection connection;
    private readonly string table;

    private DatabaseGate(NpgsqlConnection connection, string table) => (this.connection, this.table) = (connection, table);

    /// <param name="database">The service's database, as the superuser.</param>
    /// <param name="statement">Where to wait, e.g. <c>DELETE</c>.</param>
    /// <param name="table">On which table.</param>
    public static async Task<DatabaseGate> CloseAsync(NpgsqlDataSource database, string statement, string table)
    {
        var connection = await database.OpenConnectionAsync();
        // Table and statement are this program's own words.
        await connection.ExecuteAsync(
            $"""
            SET lock_timeout = '5s';
            SELECT pg_advisory_lock({Key});
            CREATE OR REPLACE FUNCTION reliability_gate() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN PERFORM pg_advisory_xact_lock({Key}); RETURN NULL; END';
            CREATE OR REPLACE TRIGGER reliability_gate BEFORE {statement} ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION reliability_gate();
            """);
        return new(connection, table);
    }

    /// <summary>Whether somebody waits at the gate.</summary>
    public async Task<bool> IsReachedAsync() => await connection.ExecuteScalarAsync<bool>(
        """
        SELECT EXISTS (
            SELECT FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'advisory')
        """);

    public async ValueTask DisposeAsync()
    {
        // First the lock: who waits there holds the table, which removing the trigger needs.
        await connection.ExecuteAsync("SELECT pg_advisory_unlock_all()");
        await connection.ExecuteAsync($"SET lock_timeout = '30s'; DROP TRIGGER IF EXISTS reliability_gate ON {table}");
        await connection.DisposeAsync();
    }
}
