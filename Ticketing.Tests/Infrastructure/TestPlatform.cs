using Npgsql;

namespace Ticketing.Tests.Infrastructure;

/// <summary>
/// What one test class works on: databases and a broker's virtual host of its own on the shared servers, a clock, and
/// the services that it starts.
/// </summary>
internal sealed class TestPlatform : IAsyncDisposable
{
    private readonly Dictionary<string, string> settings = [];
    private readonly List<IAsyncDisposable> started = [];

    private TestPlatform()
    {
    }

    public TestClock Clock { get; } = new();

    public TestUsers Users { get; } = new();

    /// <summary>All events of this virtual host, and a way to publish more.</summary>
    public TestBroker Broker { get; private set; } = null!;

    /// <param name="servers">The shared servers.</param>
    /// <param name="stores">What to make: a service's database by its name, e.g. <c>orders</c>, or <c>redis</c>.</param>
    public static async Task<TestPlatform> CreateAsync(Servers servers, params string[] stores) =>
        await CreateOnAsync(servers, await servers.CreateVirtualHostAsync(), stores);

    /// <summary>The same on a broker of the test's own, which it may stop or kill.</summary>
    public static async Task<TestPlatform> CreateOnAsync(Servers servers, string broker, params string[] stores)
    {
        var platform = new TestPlatform();
        platform.settings["ConnectionStrings:rabbitmq"] = broker;
        foreach (var store in stores)
        {
            if (store == "redis")
                platform.settings["ConnectionStrings:redis"] = await servers.CreateRedisDatabaseAsync();
            else
                platform.settings[$"ConnectionStrings:{store}-db"] = await servers.CreateDatabaseAsync(store);
        }
        platform.Broker = await TestBroker.ConnectAsync(broker);
        platform.started.Add(platform.Broker);
        return platform;
    }

    /// <summary>The connection string of that name.</summary>
    public string ConnectionString(string name) => settings[$"ConnectionStrings:{name}"];

    /// <summary>Opens a connection to a service's database, to look at what it stored.</summary>
    public async Task<NpgsqlConnection> OpenAsync(string service)
    {
        var connection = new NpgsqlConnection(ConnectionString($"{service}-db"));
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Sets configuration for the services that are started afterwards.</summary>
    public TestPlatform With(string key, string value)
    {
        settings[key] = value;
        return this;
    }

    /// <summary>Starts a service and waits until it is ready.</summary>
    /// <param name="configure">Replaces registrations, for the sake of a fault.</param>
    /// <typeparam name="TMarker">Any type of the service's assembly.</typeparam>
    public async Task<TestService<TMarker>> StartAsync<TMarker>(
        Action<Microsoft.Extensions.DependencyInjection.IServiceCollection>? configure = null)
        where TMarker : class
    {
        var service = new TestService<TMarker>(settings, Clock, Users, configure);
        started.Add(service);
        using var client = service.Anonymous();
        await Eventually.HoldsAsync(async () => (await client.GetAsync("/health")).IsSuccessStatusCode, "the service is healthy");
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in Enumerable.Reverse(started))
            await service.DisposeAsync();
        Users.Dispose();
    }
}
