using System.Net;
using System.Text.Json.Nodes;
using Dapper;
using Npgsql;
using StackExchange.Redis;
using Ticketing.Contracts;
using Ticketing.Expiration;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.ServiceDefaults;

/// <summary>A server that answers and refuses to write is no healthy one: /health says what is wrong, and when it has passed.</summary>
public sealed class WritesRefusedTests(Servers servers) : IAsyncLifetime
{
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(60);

    private TestPlatform platform = null!;

    public async ValueTask InitializeAsync() => platform = await TestPlatform.CreateAsync(servers, "orders", "redis");

    public ValueTask DisposeAsync() => platform.DisposeAsync();

    [Fact]
    public async Task A_database_that_is_read_only()
    {
        var service = await platform.StartAsync<Ticketing.Orders.Order>();
        using var client = service.Anonymous();
        await SaysAsync(client, HttpStatusCode.OK, "\"database\":{\"status\":\"Healthy\"");

        await SetReadOnlyAsync("on");
        await SaysAsync(client, HttpStatusCode.ServiceUnavailable, "The database takes no writes: it is a standby, or set to read only.");
        await SetReadOnlyAsync("off");
        await SaysAsync(client, HttpStatusCode.OK, "\"database\":{\"status\":\"Healthy\"");
    }

    [Fact]
    public async Task A_Redis_that_lacks_its_replicas()
    {
        await using var redis = await TestServer.StartRedisAsync();
        platform.With("ConnectionStrings:redis", redis.ConnectionString);
        using var client = (await platform.StartAsync<HoldClocks>()).Anonymous();
        await SaysAsync(client, HttpStatusCode.OK, "\"redis\":{\"status\":\"Healthy\"");
        await using var operators = await ConnectionMultiplexer.ConnectAsync($"{redis.ConnectionString},allowAdmin=true");

        await operators.GetServers()[0].ConfigSetAsync("min-replicas-to-write", 1);
        await SaysAsync(client, HttpStatusCode.ServiceUnavailable, "Redis refuses to write: NOREPLICAS");
        await operators.GetServers()[0].ConfigSetAsync("min-replicas-to-write", 0);
        await SaysAsync(client, HttpStatusCode.OK, "\"redis\":{\"status\":\"Healthy\"");
    }

    [Theory]
    [InlineData("maxmemory", "1", "0", HttpStatusCode.ServiceUnavailable, "Redis refuses to write: OOM")]
    [InlineData("maxmemory-policy", "allkeys-lru", "noeviction", HttpStatusCode.OK, "Redis evicts keys when it is full: its maxmemory-policy is allkeys-lru, not noeviction.")]
    public async Task A_Redis_that_is_full_or_would_evict_keys(string setting, string wrong, string right, HttpStatusCode status, string said)
    {
        await using var redis = await TestServer.StartRedisAsync();
        platform.With("ConnectionStrings:redis", redis.ConnectionString);
        using var client = (await platform.StartAsync<HoldClocks>()).Anonymous();
        await using var operators = await ConnectionMultiplexer.ConnectAsync($"{redis.ConnectionString},allowAdmin=true");
        if (setting == "maxmemory-policy")
            await operators.GetServers()[0].ConfigSetAsync("maxmemory", "100mb");
        await SaysAsync(client, HttpStatusCode.OK, "\"redis\":{\"status\":\"Healthy\"");

        await operators.GetServers()[0].ConfigSetAsync(setting, wrong);
        await SaysAsync(client, status, said);
        await operators.GetServers()[0].ConfigSetAsync(setting, right);
        await SaysAsync(client, HttpStatusCode.OK, "\"redis\":{\"status\":\"Healthy\"");
    }

    [Fact]
    public async Task A_Redis_that_became_a_replica()
    {
        await using var redis = await TestServer.StartRedisAsync();
        platform.With("ConnectionStrings:redis", redis.ConnectionString);
        using var client = (await platform.StartAsync<HoldClocks>()).Anonymous();
        await using var operators = await ConnectionMultiplexer.ConnectAsync($"{redis.ConnectionString},allowAdmin=true");
        await SaysAsync(client, HttpStatusCode.OK, "\"redis\":{\"status\":\"Healthy\"");

        await operators.GetDatabase().ExecuteAsync("REPLICAOF", "127.0.0.1", "9");
        await SaysAsync(client, HttpStatusCode.ServiceUnavailable, "Redis");
        await operators.GetDatabase().ExecuteAsync("REPLICAOF", "NO", "ONE");
        await SaysAsync(client, HttpStatusCode.OK, "\"redis\":{\"status\":\"Healthy\"");
    }

    [Fact]
    public async Task A_broker_that_is_out_of_memory_and_the_event_that_waits_for_it()
    {
        await using var rabbit = await TestServer.StartRabbitMQAsync();
        platform.With("ConnectionStrings:rabbitmq", rabbit.ConnectionString);
        using var client = (await platform.StartAsync<HoldClocks>()).Anonymous();
        await using var broker = await TestBroker.ConnectAsync(rabbit.ConnectionString);
        var now = platform.Clock.GetUtcNow();
        var order = new OrderState(
            Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), 1, 1999, "usd", OrderStatus.Created, null,
            now + Hold, now, "Concert", 1999, 0, null, null, 0);
        await broker.PublishAsync(new OrderCreated(order));
        await SaysAsync(client, HttpStatusCode.OK, "\"messaging\":{\"status\":\"Healthy\"");

        await RabbitMQControl.RunAsync(rabbit, "set_vm_memory_high_watermark", "absolute", "1");
        platform.Clock.Turn(Hold);
        await SaysAsync(client, HttpStatusCode.OK, "The broker takes no events: it does not confirm them, as when it is out of memory or disk.");
        await RabbitMQControl.RunAsync(rabbit, "set_vm_memory_high_watermark", "0.4");

        await broker.HearAsync<ExpirationComplete>(told => told.OrderIds.Contains(order.Id));
        await SaysAsync(client, HttpStatusCode.OK, "\"messaging\":{\"status\":\"Healthy\"");
    }

    private static Task SaysAsync(HttpClient client, HttpStatusCode status, string what) => Eventually.HoldsAsync(
        async () =>
        {
            using var answer = await client.GetAsync("/health");
            return answer.StatusCode == status
                && JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.ToJsonString().Contains(what, StringComparison.Ordinal);
        },
        $"/health is {(int)status} and says: {what}");

    private async Task SetReadOnlyAsync(string value)
    {
        await using var connection = await platform.OpenAsync("orders");
        await connection.ExecuteAsync("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE");
        await connection.ExecuteAsync($"ALTER ROLE CURRENT_USER SET default_transaction_read_only = {value}");
        // Sessions that are there keep what they began with; the service opens new ones.
        await connection.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()");
        NpgsqlConnection.ClearPool(connection);
    }
}
