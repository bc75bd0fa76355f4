using System.Net;
using System.Net.Http.Json;
using System.Text;
using Dapper;
using Npgsql;
using Ticketing.AppHost.LocalServers;
using Ticketing.Tests.Infrastructure;
using Xunit;

[assembly: AssemblyFixture(typeof(Servers))]

namespace Ticketing.Tests.Infrastructure;

/// <summary>
/// The real servers that all tests share, the same resources as the AppHost's, started when the first test needs them. A
/// test class gets databases and a virtual host of its own; a test that stops or kills a server starts a <see cref="TestServer"/>.
/// </summary>
public sealed class Servers : IAsyncDisposable
{
    private const int RedisDatabases = 128;

    private readonly Lazy<Task<ServerApplication>> application = new(() => ServerApplication.StartAsync(builder =>
    {
        builder.AddPostgresServer("postgres", durable: false);
        builder.AddRedisServer("redis");
        builder.AddRabbitMQServer("rabbitmq", management: true);
    }));

    private int redisDatabase = -1;

    /// <summary>Makes a database that only its own role can use, by the script that is deployed, and gives its connection string.</summary>
    internal async Task<string> CreateDatabaseAsync(string name) =>
        await SetupScript.CreateDatabaseAsync(await ConnectionStringAsync("postgres"), $"{name}_{Guid.NewGuid():N}");

    /// <summary>Drops such a database and its role. What nobody uses any more still costs: autovacuum looks at each again and again.</summary>
    internal async Task DropDatabaseAsync(string connectionString)
    {
        var dropped = new NpgsqlConnectionStringBuilder(connectionString);
        await using var connection = new NpgsqlConnection($"{await ConnectionStringAsync("postgres")};Database=postgres");
        await connection.OpenAsync();
        // It waits for a checkpoint, on a machine that is busy with other tests.
        await connection.ExecuteAsync($"""DROP DATABASE "{dropped.Database}" WITH (FORCE)""", commandTimeout: 120);
        await connection.ExecuteAsync($"""DROP ROLE "{dropped.Username}" """);
    }

    /// <summary>Makes a virtual host (some 10 ms) and gives its address.</summary>
    internal async Task<string> CreateVirtualHostAsync()
    {
        var name = $"test-{Guid.NewGuid():N}";
        using var client = await OpenManagementAsync();
        using var added = await client.PutAsync(new Uri($"vhosts/{name}", UriKind.Relative), null);
        added.EnsureSuccessStatusCode();
        var everything = new { configure = ".*", write = ".*", read = ".*" };
        using var permitted = await client.PutAsJsonAsync($"permissions/{name}/{RabbitMQServer.User}", everything);
        permitted.EnsureSuccessStatusCode();
        return $"{await ConnectionStringAsync("rabbitmq")}/{name}";
    }

    /// <summary>Removes such a virtual host. Each of its queues keeps the broker busy, if only a little.</summary>
    internal async Task RemoveVirtualHostAsync(string address)
    {
        using var client = await OpenManagementAsync();
        using var removed = await client.DeleteAsync(new Uri($"vhosts/{Path.GetFileName(address)}", UriKind.Relative));
        if (removed.StatusCode is not HttpStatusCode.NotFound)
            removed.EnsureSuccessStatusCode();
    }

    /// <summary>Sets a policy of such a virtual host that limits how often a message may come back.</summary>
    internal async Task SetDeliveryLimitAsync(string address, int limit)
    {
        using var client = await OpenManagementAsync();
        var policy = new Dictionary<string, object>
        {
            ["pattern"] = ".*", ["apply-to"] = "queues", ["definition"] = new Dictionary<string, int> { ["delivery-limit"] = limit },
        };
        using var set = await client.PutAsJsonAsync($"policies/{Path.GetFileName(address)}/delivery-limit", policy);
        set.EnsureSuccessStatusCode();
    }

    /// <summary>Gives one of Redis's numbered databases that no other test class has.</summary>
    internal async Task<string> CreateRedisDatabaseAsync()
    {
        var database = Interlocked.Increment(ref redisDatabase);
        return database < RedisDatabases
            ? $"{await ConnectionStringAsync("redis")},defaultDatabase={database}"
            : throw new InvalidOperationException($"More than {RedisDatabases} test classes want a Redis database.");
    }

    public async ValueTask DisposeAsync()
    {
        if (application.IsValueCreated)
            await (await application.Value).DisposeAsync();
    }

    private async Task<string> ConnectionStringAsync(string name) => await (await application.Value).ConnectionStringAsync(name);

    private async Task<HttpClient> OpenManagementAsync()
    {
        var address = new UriBuilder((await application.Value).AddressOf("rabbitmq", "management")) { Path = "/api/" };
        var client = new HttpClient { BaseAddress = address.Uri };
        var user = Uri.UnescapeDataString(new Uri(await ConnectionStringAsync("rabbitmq")).UserInfo);
        client.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user)));
        return client;
    }
}
