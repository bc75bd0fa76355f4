using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Ticketing.Tests.Infrastructure;

/// <summary>
/// Which tables a service reads from end to end while it does what it always does: what is nothing today takes for ever when the
/// table has grown. Counted by PostgreSQL itself (<c>pg_stat_user_tables.seq_scan</c>), whatever the statement.
/// </summary>
internal static class TableScans
{
    /// <summary>The tables that were scanned, of those that grow.</summary>
    /// <param name="platform">With the service's database.</param>
    /// <param name="service">The database's name.</param>
    /// <param name="tables">Those that grow.</param>
    /// <param name="fill">Fills them, once they are there.</param>
    /// <param name="work">What the service does regularly. Its jobs run by themselves when it starts, and again as the test calls them.</param>
    /// <param name="configure">Replaces registrations.</param>
    /// <typeparam name="TMarker">Any type of the service's assembly.</typeparam>
    public static async Task<IReadOnlyList<string>> OfAsync<TMarker>(
        TestPlatform platform, string service, string[] tables, string fill, Func<TestService<TMarker>, Task> work,
        Action<IServiceCollection>? configure = null)
        where TMarker : class
    {
        await (await platform.StartAsync<TMarker>(configure + Jobs.RemoveAll)).DisposeAsync();
        await using (var connection = await platform.OpenAsync(service))
            await connection.ExecuteAsync($"{fill}; ANALYZE", commandTimeout: 120);
        var before = await CountAsync(platform, service);
        var running = await platform.StartAsync<TMarker>(configure);
        await work(running);
        await running.DisposeAsync();
        var after = await CountAsync(platform, service);
        return [.. tables.Where(table => after[table] > before[table]).Order(StringComparer.Ordinal)];
    }

    /// <summary>A session tells its counts at the latest when it ends: so all have to have ended.</summary>
    private static async Task<Dictionary<string, long>> CountAsync(TestPlatform platform, string service)
    {
        NpgsqlConnection.ClearAllPools();
        await using var connection = await platform.OpenAsync(service);
        await Eventually.BecomesAsync(
            () => connection.ExecuteScalarAsync<long>(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"),
            0L);
        return (await connection.QueryAsync<(string Table, long Scans)>("SELECT relname, coalesce(seq_scan, 0) FROM pg_stat_user_tables"))
            .ToDictionary(row => row.Table, row => row.Scans);
    }
}
