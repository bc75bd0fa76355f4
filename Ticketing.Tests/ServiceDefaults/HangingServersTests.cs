using System.Net;
using System.Text.Json.Nodes;
using StackExchange.Redis;
using Ticketing.Expiration;
using Ticketing.Reliability;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.ServiceDefaults;

/// <summary>A server that keeps its connections and says nothing: /health answers all the same, and names it.</summary>
public sealed class HangingServersTests(Servers servers) : IAsyncLifetime
{
    /// <summary>Far more than the 2 s within which it answers, on a machine that is busy with other tests, and far less than a command that hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private TestPlatform platform = null!;

    public async ValueTask InitializeAsync() => platform = await TestPlatform.CreateAsync(servers, "redis");

    public ValueTask DisposeAsync() => platform.DisposeAsync();

    [Fact]
    public async Task A_Redis_whose_clients_are_paused()
    {
        await using var redis = await TestServer.StartRedisAsync();
        platform.With("ConnectionStrings:redis", redis.ConnectionString);
        using var client = Client(await platform.StartAsync<HoldClocks>());
        await using var operators = await ConnectionMultiplexer.ConnectAsync($"{redis.ConnectionString},allowAdmin=true");

        await operators.GetDatabase().ExecuteAsync("CLIENT", "PAUSE", "3600000");
        await SaysAsync(client, HttpStatusCode.ServiceUnavailable, "redis", "Redis does not answer.");
        Posix.Kill(redis.ProcessId, Signal.Kill);
    }

    [Fact]
    public async Task A_database_that_is_stopped()
    {
        await using var postgres = await TestServer.StartPostgresAsync();
        platform.With("ConnectionStrings:orders-db", await SetupScript.CreateDatabaseAsync(postgres.ConnectionString, "orders"));
        using var client = Client(await platform.StartAsync<Ticketing.Orders.Order>());
        var processes = Ticketing.AppHost.Processes.ProcessIdentity.Of(postgres.ProcessId)!.Value.Tree();

        foreach (var process in processes)
            process.Send(Signal.Stop);
        try
        {
            await SaysAsync(client, HttpStatusCode.ServiceUnavailable, "database", "The database does not answer.");
        }
        finally
        {
            foreach (var process in processes)
                process.Send(Signal.Continue);
        }
        await SaysAsync(client, HttpStatusCode.OK, "database", null);
    }

    [Fact]
    public async Task A_broker_that_is_stopped()
    {
        await using var rabbit = await TestServer.StartRabbitMQAsync();
        platform.With("ConnectionStrings:rabbitmq", rabbit.ConnectionString);
        using var client = Client(await platform.StartAsync<HoldClocks>());

        Posix.Kill(rabbit.ProcessId, Signal.Stop);
        try
        {
            await SaysAsync(client, HttpStatusCode.OK, "messaging", "The broker does not answer.");
        }
        finally
        {
            Posix.Kill(rabbit.ProcessId, Signal.Continue);
        }
        await SaysAsync(client, HttpStatusCode.OK, "messaging", null);
    }

    private static HttpClient Client<T>(TestService<T> service)
        where T : class
    {
        var client = service.Anonymous();
        client.Timeout = Patience;
        return client;
    }

    private static Task SaysAsync(HttpClient client, HttpStatusCode status, string check, string? description) => Eventually.HoldsAsync(
        async () =>
        {
            using var answer = await client.GetAsync("/health");
            var entry = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["checks"]![check]!;
            return answer.StatusCode == status && entry["description"]?.ToString() == description;
        },
        $"/health is {(int)status} and says of {check}: {description}");
}
