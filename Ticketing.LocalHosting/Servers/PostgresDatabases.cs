using Npgsql;

namespace Ticketing.LocalHosting.Servers;

/// <summary>
/// What the superuser does for the services: a database each, and a role that owns it and can enter no other.
/// </summary>
public static class PostgresDatabases
{
    /// <summary>Makes the database and the role, or brings those that are there into this state.</summary>
    /// <param name="superuser">The superuser's connection string.</param>
    /// <param name="database">The database.</param>
    /// <param name="role">Its owner.</param>
    /// <param name="password">The owner's password.</param>
    /// <param name="cancellationToken">Stops it between two statements.</param>
    public static async Task CreateAsync(
        string superuser, string database, string role, string password, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(superuser + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);

        // A statement that fails must not show its password in the server's log.
        await ExecuteAsync("SET log_min_error_statement = panic");
        // Two changes of the same rights at once fail with "tuple concurrently updated". Held until the connection closes.
        await ExecuteAsync("SELECT pg_advisory_lock(hashtext('databases'))");
        await ExecuteAsync("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC");

        var verb = await ExistsAsync("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", role) ? "ALTER" : "CREATE";
        await ExecuteAsync(await FormatAsync($"{verb} ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD %L", role, password));

        if (!await ExistsAsync("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", database))
            await ExecuteAsync(await FormatAsync("CREATE DATABASE %I OWNER %I", database, role));
        await ExecuteAsync(await FormatAsync("REVOKE ALL ON DATABASE %I FROM PUBLIC", database));

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        async Task<bool> ExistsAsync(string sql, string name)
        {
            await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = name } } };
            return await command.ExecuteScalarAsync(cancellationToken) is true;
        }

        // CREATE ROLE and CREATE DATABASE take no parameters; the server quotes names and literals itself.
        async Task<string> FormatAsync(string template, params string[] values)
        {
            await using var command = new NpgsqlCommand("SELECT format($1, VARIADIC $2)", connection)
            {
                Parameters = { new() { Value = template }, new() { Value = values } },
            };
            return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
    }
}
