using Npgsql;

namespace Ticketing.LocalHosting.Servers;

/// <summary>
/// What the superuser does for the services: a database each, and a role that owns it and can enter no other. Where the
/// service does not migrate by itself, a second role reads and writes its rows, and can change nothing else.
/// </summary>
public static class PostgresDatabases
{
    /// <summary>The role that reads and writes the rows of a database, and no more.</summary>
    /// <param name="database">The database, which is also its owner's name.</param>
    public static string RuntimeRoleOf(string database) => $"{database}_runtime";

    /// <summary>
    /// Makes the role that reads and writes the rows of a database that is there already, and of all tables that its owner will
    /// make; or brings the one that is there into this state.
    /// </summary>
    /// <param name="superuser">The superuser's connection string.</param>
    /// <param name="database">The database, which is also its owner's name.</param>
    /// <param name="password">The role's password.</param>
    /// <param name="cancellationToken">Stops it between two statements.</param>
    public static async Task CreateRuntimeRoleAsync(string superuser, string database, string password, CancellationToken cancellationToken)
    {
        var role = RuntimeRoleOf(database);
        var inDatabase = new NpgsqlConnectionStringBuilder(superuser) { Database = database, Pooling = false }.ConnectionString;
        await using var connection = new Session(inDatabase, cancellationToken);
        await connection.OpenAsync();
        await connection.CreateRoleAsync(role, password);
        await connection.ExecuteAsync("GRANT CONNECT ON DATABASE %I TO %I", database, role);
        await connection.ExecuteAsync("GRANT USAGE ON SCHEMA public TO %I", role);
        await connection.ExecuteAsync("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO %I", role);
        await connection.ExecuteAsync("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO %I", role);
        await connection.ExecuteAsync(
            "ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I", database, role);
        await connection.ExecuteAsync(
            "ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO %I", database, role);
    }

    /// <summary>Makes the database and the role, or brings those that are there into this state.</summary>
    /// <param name="superuser">The superuser's connection string.</param>
    /// <param name="database">The database.</param>
    /// <param name="role">Its owner.</param>
    /// <param name="password">The owner's password.</param>
    /// <param name="cancellationToken">Stops it between two statements.</param>
    public static async Task CreateAsync(
        string superuser, string database, string role, string password, CancellationToken cancellationToken)
    {
        await using var connection = new Session(new NpgsqlConnectionStringBuilder(superuser) { Pooling = false }.ConnectionString, cancellationToken);
        await connection.OpenAsync();
        await connection.ExecuteAsync("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC");
        await connection.CreateRoleAsync(role, password);
        if (!await connection.ExistsAsync("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", database))
            await connection.ExecuteAsync("CREATE DATABASE %I OWNER %I", database, role);
        await connection.ExecuteAsync("REVOKE ALL ON DATABASE %I FROM PUBLIC", database);
    }

    private sealed class Session(string connectionString, CancellationToken cancellationToken) : IAsyncDisposable
    {
        private readonly NpgsqlConnection connection = new(connectionString);

        public async Task OpenAsync()
        {
            await connection.OpenAsync(cancellationToken);
            // A statement that fails must not show its password in the server's log.
            await ExecuteAsync("SET log_min_error_statement = panic");
            // Two changes of the same rights at once fail with "tuple concurrently updated". Held until the connection closes.
            await ExecuteAsync("SELECT pg_advisory_lock(hashtext('databases'))");
        }

        public async Task CreateRoleAsync(string role, string password)
        {
            var verb = await ExistsAsync("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", role) ? "ALTER" : "CREATE";
            await ExecuteAsync($"{verb} ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD %L", role, password);
        }

        /// <summary>Such statements take no parameters; the server quotes names (<c>%I</c>) and literals (<c>%L</c>) itself.</summary>
        public async Task ExecuteAsync(string template, params string[] values)
        {
            var sql = template;
            if (values.Length > 0)
            {
                await using var format = new NpgsqlCommand("SELECT format($1, VARIADIC $2)", connection)
                {
                    Parameters = { new() { Value = template }, new() { Value = values } },
                };
                sql = (string)(await format.ExecuteScalarAsync(cancellationToken))!;
            }
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        public async Task<bool> ExistsAsync(string sql, string name)
        {
            await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = name } } };
            return await command.ExecuteScalarAsync(cancellationToken) is true;
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
