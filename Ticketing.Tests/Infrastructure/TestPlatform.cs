using Dapper;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ticketing.Tests.Infrastructure;

/// <summary>
/// What one test class works on: databases and a broker's virtual host of its own on the shared servers, a clock, and
/// the services that it starts.
/// </summary>
internal sealed class TestPlatform : IAsyncDisposable
{
    private readonly Dictionary<string, string> settings = [];
    private readonly Dictionary<string, string> databases = [];
    private readonly List<IAsyncDisposable> started = [];

    /// <summary>How to give back what the shared servers gave.</summary>
    private readonly List<Func<Task>> given = [];

    private TestPlatform()
    {
    }

    public TestClock Clock { get; } = new();

    public TestUsers Users { get; } = new();

    /// <summary>All events of this virtual host, and a way to publish more.</summary>
    public TestBroker Broker { get; private set; } = null!;

    /// <param name="servers">The shared servers.</param>
    /// <param name="stores">What to make: a service's database by its name, e.g. <c>orders</c>, or <c>redis</c>.</param>
    public static async Task<TestPlatform> CreateAsync(Servers servers, params string[] stores)
    {
        var broker = await servers.CreateVirtualHostAsync();
        var platform = await CreateOnAsync(servers, broker, stores);
        platform.given.Add(() => servers.RemoveVirtualHostAsync(broker));
        return platform;
    }

    /// <summary>The same on a broker of the test's own, which it may stop or kill.</summary>
    public static async Task<TestPlatform> CreateOnAsync(Servers servers, string broker, params string[] stores)
    {
        var platform = new TestPlatform();
        platform.settings["ConnectionStrings:rabbitmq"] = broker;
        // Tests keep crowds waiting on purpose, and on a machine that is busy with other tests.
        platform.settings["Orders:LongestWaitMilliseconds"] = "5000";
        foreach (var store in stores)
        {
            if (store == "redis")
                platform.settings["ConnectionStrings:redis"] = await servers.CreateRedisDatabaseAsync();
            else
            {
                var database = await servers.CreateDatabaseAsync(store);
                platform.databases[store] = platform.settings[$"ConnectionStrings:{store}-db"] = database;
                platform.given.Add(() => servers.DropDatabaseAsync(database));
            }
        }
        platform.Broker = await TestBroker.ConnectAsync(broker);
        platform.started.Add(platform.Broker);
        return platform;
    }

    /// <summary>The connection string of that name.</summary>
    public string ConnectionString(string name) => settings[$"ConnectionStrings:{name}"];

    /// <summary>Opens a connection to a service's database, to look at what it stored or to change it.</summary>
    public async Task<NpgsqlConnection> OpenAsync(string service)
    {
        var connection = new NpgsqlConnection(databases[service]);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Waits until so many of a service's transactions wait for a lock.</summary>
    public async Task WaitingAsync(string service, int count)
    {
        await using var connection = await OpenAsync(service);
        await Eventually.HoldsAsync(async () => await connection.ExecuteScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") >= count,
            $"{count} transactions of {service} wait for a lock");
    }

    /// <summary>How many messages wait in a queue of this virtual host; none where there is no such queue.</summary>
    public async Task<uint> QueueDepthAsync(string queue)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(ConnectionString("rabbitmq")) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        try
        {
            return (await channel.QueueDeclarePassiveAsync(queue)).MessageCount;
        }
        catch (OperationInterruptedException absent) when (absent.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return 0;
        }
    }

    /// <summary>Sets configuration for the services that are started afterwards.</summary>
    public TestPlatform With(string key, string value)
    {
        settings[key] = value;
        return this;
    }

    /// <summary>Takes guards out of the statements of the services that are started afterwards.</summary>
    public TestPlatform Without(IEnumerable<Mutation> guards)
    {
        foreach (var ofService in guards.GroupBy(guard => guard.Service))
            Hear(ofService.Key, ofService);
        return this;
    }

    /// <summary>Hears the statements of a service that is started afterwards.</summary>
    public StatementProxy Hear(string service, IEnumerable<Mutation>? without = null)
    {
        var proxy = new StatementProxy(databases[service], [.. without ?? []]);
        started.Add(proxy);
        settings[$"ConnectionStrings:{service}-db"] = proxy.ConnectionString;
        return proxy;
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
        // Whatever fails, the rest is ended too.
        List<Exception> failures = [];
        foreach (var end in Enumerable.Reverse(started).Select(service => (Func<Task>)(() => service.DisposeAsync().AsTask())).Concat(given))
        {
            try
            {
                await end();
            }
            catch (Exception failure)
            {
                failures.Add(failure);
            }
        }
        Users.Dispose();
        if (failures.Count > 0)
            throw new AggregateException(failures);
    }
}
