using Npgsql;

namespace Ticketing.LocalHosting.Servers;

/// <summary>What the superuser does for the services: a database each, and a role that can enter only that one.</summary>
internal static class PostgresAdministration
{
    public static async Task CreateDatabaseAsync(string superuser, string database, string role, string password, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(superuser + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);

        // A statement that fails must not show its password in the server's log.
        await ExecuteAsync("SET log_min_error_statement = panic");
        await ExecuteAsync("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC");

        var verb = await ExistsAsync("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", role) ? "ALTER" : "CREATE";
        await ExecuteAsync(await FormatAsync($"{verb} ROLE %I LOGIN PASSWORD %L", role, password));

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
