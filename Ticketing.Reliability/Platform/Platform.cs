using System.Net.Http.Headers;
using System.Net.Http.Json;
using Npgsql;
using StackExchange.Redis;
using Ticketing.LocalHosting.Dashboard;
using Ticketing.LocalHosting.Servers;

namespace Ticketing.Reliability;

/// <summary>
/// A platform that runs on this machine, seen from outside and, for those who judge it, from inside: its addresses from
/// the dashboard, its passwords from the data directory.
/// </summary>
internal sealed class Platform : IAsyncDisposable
{
    /// <summary>The services with a database.</summary>
    public static readonly string[] WithDatabase = ["auth", "tickets", "orders", "payments"];

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient http;
    private readonly Dictionary<string, NpgsqlDataSource> databases;

    private Platform(Uri dashboard, string data, IReadOnlyList<ResourceRow> resources)
    {
        Dashboard = dashboard;
        Data = data;
        http = new HttpClient { BaseAddress = dashboard, Timeout = TimeSpan.FromSeconds(5) };
        Site = AddressOf("web");
        Stripe = new HttpClient { BaseAddress = AddressOf("stripe"), Timeout = TimeSpan.FromSeconds(30) };
        Stripe.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Secret("sandbox-secret-key"));
        Payments = AddressOf("payments");
        var (postgres, redis, broker) = (AddressOf("postgres"), AddressOf("redis"), AddressOf("rabbitmq"));
        databases = WithDatabase.ToDictionary(name => name, name => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder
        {
            Host = postgres.Host,
            Port = postgres.Port,
            Username = "postgres",
            Password = Secret("postgres-password"),
            Database = name,
            Timeout = 5,
            CommandTimeout = 30,
            // A server that was killed meanwhile would leave dead connections in a pool.
            Pooling = false,
        }));
        Redis = $"{redis.Host}:{redis.Port},password={Secret("redis-password")},abortConnect=false,allowAdmin=true";
        Broker = new($"amqp://{RabbitMqServer.User}:{Secret("rabbitmq-password")}@{broker.Host}:{broker.Port}");

        Uri AddressOf(string name) => new(resources.First(row => row.Name == name).Endpoints[0]);
    }

    /// <summary>The dashboard's address.</summary>
    public Uri Dashboard { get; }

    /// <summary>Its data directory.</summary>
    public string Data { get; }

    /// <summary>The public origin.</summary>
    public Uri Site { get; }

    /// <summary>Payments itself: where Stripe delivers its events.</summary>
    public Uri Payments { get; }

    /// <summary>The sandbox, with its key.</summary>
    public HttpClient Stripe { get; }

    /// <summary>Redis's connection string, with the right to do everything.</summary>
    public string Redis { get; }

    /// <summary>The broker's address, with its password.</summary>
    public Uri Broker { get; }

    /// <param name="dashboard">The dashboard's address.</param>
    /// <param name="data">The platform's data directory.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<Platform> ConnectAsync(Uri dashboard, string data, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = dashboard };
        return new(dashboard, data, await ResourcesAsync(http, cancellationToken));
    }

    /// <summary>Waits until everything is up.</summary>
    /// <param name="dashboard">The dashboard's address.</param>
    /// <param name="over">Whether there is nothing to wait for any more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task IsUpAsync(Uri dashboard, Func<bool> over, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = dashboard, Timeout = TimeSpan.FromSeconds(5) };
        while (!await IsUpAsync(http, new HashSet<int>(), cancellationToken))
        {
            if (over())
                throw new InvalidOperationException("It has ended.");
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    /// <summary>Waits until every process runs and is healthy, and none of them is one of these, whose end may not have been noticed yet.</summary>
    public async Task IsWholeAsync(IReadOnlySet<int> killed, CancellationToken cancellationToken)
    {
        while (!await IsUpAsync(http, killed, cancellationToken))
            await Task.Delay(PollInterval, cancellationToken);
    }

    /// <summary>All processes.</summary>
    public Task<IReadOnlyList<ResourceRow>> ResourcesAsync(CancellationToken cancellationToken) => ResourcesAsync(http, cancellationToken);

    /// <summary>A service's database, as the superuser.</summary>
    public NpgsqlDataSource Database(string service) => databases[service];

    /// <summary>A generated secret of the platform.</summary>
    public string Secret(string name) => File.ReadAllText(Path.Combine(Data, "secrets", name));

    /// <summary>Opens a connection to Redis.</summary>
    public Task<ConnectionMultiplexer> ConnectRedisAsync() => ConnectionMultiplexer.ConnectAsync(Redis);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        Stripe.Dispose();
        foreach (var database in databases.Values)
            await database.DisposeAsync();
    }

    private static async Task<IReadOnlyList<ResourceRow>> ResourcesAsync(HttpClient http, CancellationToken cancellationToken) =>
        (await http.GetFromJsonAsync<List<ResourceRow>>("/api/resources", cancellationToken))!;

    private static async Task<bool> IsUpAsync(HttpClient http, IReadOnlySet<int> killed, CancellationToken cancellationToken)
    {
        try
        {
            return (await ResourcesAsync(http, cancellationToken)).All(row =>
                row is { State: "Running", Health: "Healthy", Pid: { } pid } && !killed.Contains(pid));
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
