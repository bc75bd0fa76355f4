using Dapper;
using Npgsql;
using Ticketing.LocalHosting.Servers;
using Ticketing.Tests.Infrastructure;
using Xunit;

[assembly: AssemblyFixture(typeof(Servers))]

namespace Ticketing.Tests.Infrastructure;

/// <summary>
/// The real servers that all tests share, each started when the first test needs it. A test class gets databases and
/// a virtual host of its own; a test that stops or kills a server starts one for itself.
/// </summary>
public sealed class Servers : IAsyncDisposable
{
    private const int RedisDatabases = 128;

    private readonly Lazy<Task<PostgresServer>> postgres =
        new(() => PostgresServer.StartAsync(new LocalServerOptions { ThrowAway = true }));

    private readonly Lazy<Task<RabbitMqServer>> rabbitMq =
        new(() => RabbitMqServer.StartAsync(new RabbitMqOptions { ThrowAway = true, Management = true }));

    private readonly Lazy<Task<RedisServer>> redis =
        new(() => RedisServer.StartAsync(new LocalServerOptions { ThrowAway = true }));

    // Two GRANTs at once on PostgreSQL's shared catalogues fail with "tuple concurrently updated".
    private readonly SemaphoreSlim creatingDatabase = new(1);

    private int redisDatabase = -1;

    /// <summary>Makes a database that only its own role can use, and gives its connection string.</summary>
    internal async Task<string> CreateDatabaseAsync(string name)
    {
        var server = await postgres.Value;
        await creatingDatabase.WaitAsync();
        try
        {
            return await server.CreateDatabaseAsync($"{name}_{Guid.NewGuid():N}");
        }
        finally
        {
            creatingDatabase.Release();
        }
    }

    /// <summary>Drops such a database and its role. What nobody uses any more still costs: autovacuum looks at each again and again.</summary>
    internal async Task DropDatabaseAsync(string connectionString)
    {
        var dropped = new NpgsqlConnectionStringBuilder(connectionString);
        await using var connection = new NpgsqlConnection((await postgres.Value).ConnectionString);
        await connection.OpenAsync();
        // It waits for a checkpoint, on a machine that is busy with other tests.
        await connection.ExecuteAsync($"""DROP DATABASE "{dropped.Database}" WITH (FORCE)""", commandTimeout: 120);
        await connection.ExecuteAsync($"""DROP ROLE "{dropped.Username}" """);
    }

    /// <summary>Makes a virtual host and gives its address.</summary>
    internal async Task<string> CreateVirtualHostAsync() =>
        await (await rabbitMq.Value).AddVirtualHostAsync($"test-{Guid.NewGuid():N}");

    /// <summary>Removes such a virtual host. Each of its queues keeps the broker busy, if only a little.</summary>
    internal async Task RemoveVirtualHostAsync(string address) =>
        await (await rabbitMq.Value).RemoveVirtualHostAsync(Path.GetFileName(address));

    /// <summary>Gives one of Redis's numbered databases that no other test class has.</summary>
    internal async Task<string> CreateRedisDatabaseAsync()
    {
        var database = Interlocked.Increment(ref redisDatabase);
        return database < RedisDatabases
            ? $"{(await redis.Value).ConnectionString},defaultDatabase={database}"
            : throw new InvalidOperationException($"More than {RedisDatabases} test classes want a Redis database.");
    }

    public async ValueTask DisposeAsync()
    {
        if (postgres.IsValueCreated)
            await (await postgres.Value).DisposeAsync();
        if (rabbitMq.IsValueCreated)
            await (await rabbitMq.Value).DisposeAsync();
        if (redis.IsValueCreated)
            await (await redis.Value).DisposeAsync();
        creatingDatabase.Dispose();
    }
}
