using System.Globalization;
using System.Text.RegularExpressions;
using Dapper;
using Npgsql;
using Ticketing.AppHost.LocalServers;
using Ticketing.Reliability;

namespace Ticketing.Benchmarks;

/// <summary>
/// PostgreSQL's own load generator, on a database with Orders' tables beside Orders' own, on the same server: what the
/// database does when each order is a transaction, with nothing above it.
/// </summary>
internal sealed partial class PgBench(NpgsqlConnectionStringBuilder server)
{
    private const string Database = "pgbench";

    private static string Programs => new ServerPrograms().Postgres(dataDirectory: "");

    /// <summary>Makes the database as a copy of Orders' tables, with so many listings.</summary>
    public static async Task<PgBench> CreateAsync(Platform platform, int listings, CancellationToken cancellationToken)
    {
        var server = platform.Superuser("orders");
        var tables = await Tool.RunAsync(
            $"{Programs}/pg_dump", ["--schema-only", "--no-owner", "--no-privileges", "orders"], EnvironmentFor(server), cancellationToken);
        await using (var connection = await platform.Database("orders").OpenConnectionAsync(cancellationToken))
            await connection.ExecuteAsync($"DROP DATABASE IF EXISTS {Database}; CREATE DATABASE {Database}");
        server.Database = Database;
        await using (var connection = new NpgsqlConnection(server.ConnectionString))
        {
            await connection.OpenAsync(cancellationToken);
            await connection.ExecuteAsync(string.Join('\n', tables.Split('\n').Where(line => !line.StartsWith('\\'))));
            await connection.ExecuteAsync(
                """
                SET search_path = public;
                CREATE TABLE places (place int PRIMARY KEY, id uuid NOT NULL DEFAULT gen_random_uuid());
                INSERT INTO places (place) SELECT generate_series(1, @listings);
                INSERT INTO listings (id, title, price, currency, quantity, available, version)
                    SELECT id, 'Concert', 1999, 'usd', 1000000000, 1000000000, 0 FROM places;
                ANALYZE;
                """,
                new { listings });
        }
        return new(server);
    }

    /// <summary>Orders a second.</summary>
    public async Task<double> PlaceAsync(int listings, int clients, int seconds, CancellationToken cancellationToken)
    {
        var output = await Tool.RunAsync(
            $"{Programs}/pgbench",
            [
                "--no-vacuum", "--protocol=prepared", $"--client={clients}", "--jobs=2", $"--time={seconds}", $"--define=listings={listings}",
                $"--file={Path.Combine(AppContext.BaseDirectory, "Tools", "place-one.sql")}", Database,
            ],
            EnvironmentFor(server), cancellationToken);
        return Rate().Match(output) is { Success: true } rate
            ? double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"pgbench placed nothing:\n{output}");
    }

    private static Dictionary<string, string> EnvironmentFor(NpgsqlConnectionStringBuilder server) => new()
    {
        ["PGHOST"] = server.Host!, ["PGPORT"] = $"{server.Port}", ["PGUSER"] = server.Username!, ["PGPASSWORD"] = server.Password!,
    };

    [GeneratedRegex(@"tps = ([0-9.]+) \(without", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rate();
}
