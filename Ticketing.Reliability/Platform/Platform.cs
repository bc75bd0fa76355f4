using System.Net.Http.Headers;
using System.Net.Sockets;
using Npgsql;
using StackExchange.Redis;
using Ticketing.AppHost.Processes;

namespace Ticketing.Reliability;

/// <summary>
/// A platform that runs on this machine, seen from outside and, for those who judge it, from inside.
/// </summary>
internal sealed class Platform : IAsyncDisposable
{
    /// <summary>The services with a database.</summary>
    public static readonly string[] WithDatabase = ["auth", "tickets", "orders", "payments"];

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly HostedPlatform? host;
    private readonly Dictionary<string, NpgsqlDataSource> databases;

    /// <param name="addresses">Where its parts are.</param>
    /// <param name="host">Who hosts it, if that is this process.</param>
    public Platform(PlatformAddresses addresses, HostedPlatform? host = null)
    {
        (Addresses, this.host) = (addresses, host);
        Stripe = new HttpClient { BaseAddress = addresses.Stripe, Timeout = TimeSpan.FromSeconds(30) };
        Stripe.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", addresses.StripeKey);
        databases = WithDatabase.ToDictionary(name => name, name => NpgsqlDataSource.Create(Superuser(name)));
    }

    /// <summary>Where its parts are, and the secrets that open them.</summary>
    public PlatformAddresses Addresses { get; }

    /// <summary>The public origin.</summary>
    public Uri Site => Addresses.Site;

    /// <summary>Payments itself: where Stripe delivers its events.</summary>
    public Uri Payments => Addresses.Payments;

    /// <summary>The sandbox, with its key.</summary>
    public HttpClient Stripe { get; }

    /// <summary>The broker's address, with its password.</summary>
    public Uri Broker => Addresses.Broker;

    /// <summary>The processes of services and servers.</summary>
    /// <exception cref="InvalidOperationException">Another process hosts the platform.</exception>
    public HostedPlatform Host => host ?? throw new InvalidOperationException("This platform's processes belong to another AppHost.");

    /// <summary>The superuser's connection string to a database.</summary>
    public NpgsqlConnectionStringBuilder Superuser(string database) => new(Addresses.Postgres.ConnectionString)
    {
        Database = database,
        Timeout = 5,
        CommandTimeout = 30,
        // A server that was killed meanwhile would leave dead connections in a pool.
        Pooling = false,
    };

    /// <summary>
    /// Waits until every process runs and answers, and none of them is one of these, whose end may not have been noticed yet.
    /// Each is asked itself: the orchestrator looks at what was healthy every 30 s only.
    /// </summary>
    public async Task IsWholeAsync(IReadOnlySet<int> killed, CancellationToken cancellationToken)
    {
        while (!await IsUpAsync(killed, cancellationToken))
            await Task.Delay(PollInterval, cancellationToken);
    }

    /// <summary>A service's database, as the superuser.</summary>
    public NpgsqlDataSource Database(string service) => databases[service];

    /// <summary>Opens a connection to Redis, with the right to do everything.</summary>
    public Task<ConnectionMultiplexer> ConnectRedisAsync() =>
        ConnectionMultiplexer.ConnectAsync($"{Addresses.Redis},abortConnect=false,allowAdmin=true");

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        Stripe.Dispose();
        foreach (var database in databases.Values)
            await database.DisposeAsync();
    }

    private async Task<bool> IsUpAsync(IReadOnlySet<int> killed, CancellationToken cancellationToken)
    {
        foreach (var instance in Host.Instances)
        {
            if (instance is not { State: "Running", Pid: { } pid } || killed.Contains(pid) || ProcessIdentity.Of(pid) is not { IsAlive: true })
                return false;
        }
        try
        {
            var answers = await Task.WhenAll(Host.Instances.Select(instance => AnswersAsync(instance, cancellationToken)));
            return answers.All(answer => answer);
        }
        catch (Exception exception) when (
            exception is HttpRequestException or SocketException or NpgsqlException or TaskCanceledException or RedisException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    private async Task<bool> AnswersAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        switch (instance.Name)
        {
            case "postgres":
                await using (var connection = new NpgsqlConnection(Superuser("postgres").ConnectionString))
                    await connection.OpenAsync(cancellationToken);
                return true;
            case "redis":
                await using (var redis = await ConnectionMultiplexer.ConnectAsync(Addresses.Redis))
                    await redis.GetDatabase().PingAsync();
                return true;
            case "rabbitmq":
                using (var client = new TcpClient())
                    await client.ConnectAsync(Broker.Host, Broker.Port, cancellationToken);
                return true;
            case var _ when instance.Address is null:
                // It serves nobody, like the demo.
                return true;
            default:
                // Degraded is 200 too. The sandbox answers with the one word.
                return await http.GetStringAsync(new Uri(instance.Address!, "/health"), cancellationToken) is var health
                    && (health == "Healthy" || health.StartsWith("""{"status":"Healthy",""", StringComparison.Ordinal));
        }
    }
}
