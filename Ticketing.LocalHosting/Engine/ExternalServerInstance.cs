using System.Net.Sockets;
using Npgsql;

namespace Ticketing.LocalHosting.Engine;

/// <summary>A server that somebody else runs: it is only watched.</summary>
internal sealed class ExternalServerInstance(ServerResource resource, ConsoleLog log)
    : ResourceInstance(resource.Name, "server", resource, log)
{
    private readonly TaskCompletionSource<int> exited = new();

    public override int? ProcessId => null;

    public override bool IsOurs => false;

    public override IReadOnlyList<string> Endpoints =>
        [.. resource.Endpoints().Select(endpoint => ProjectEnvironment.Url(endpoint, 0))];

    protected override Task<int> Exited => exited.Task;

    /// <summary>Where the server is, as its connection string says.</summary>
    /// <exception cref="LocalHostingException">The connection string cannot be read.</exception>
    public static (string Host, int Port) AddressIn(ServerResource resource, string connectionString)
    {
        try
        {
            return resource switch
            {
                PostgresServerResource => Address(new NpgsqlConnectionStringBuilder(connectionString)),
                RedisResource => Address(new Uri($"redis://{connectionString.Split(',')[0]}"), 6379),
                _ => Address(new Uri(connectionString), 5672),
            };
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new LocalHostingException($"ConnectionStrings__{resource.Name} cannot be read: {exception.Message}", exception);
        }
    }

    protected override Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task<ResourceHealth> ProbeAsync(CancellationToken cancellationToken)
    {
        var (host, port) = resource.PrimaryEndpoint.Annotation.Allocated[0];
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(host, port, cancellationToken);
            return ResourceHealth.Healthy;
        }
        catch (SocketException)
        {
            return ResourceHealth.Unhealthy;
        }
    }

    protected override Task StopProcessAsync(TimeSpan grace) => Task.CompletedTask;

    private static (string Host, int Port) Address(NpgsqlConnectionStringBuilder postgres) => (postgres.Host ?? "localhost", postgres.Port);

    private static (string Host, int Port) Address(Uri uri, int defaultPort) =>
        (uri.Host, uri.Port < 0 ? defaultPort : uri.Port);
}
