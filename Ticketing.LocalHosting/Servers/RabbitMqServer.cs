using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Ticketing.LocalHosting.Processes;

namespace Ticketing.LocalHosting.Servers;

/// <summary>
/// A private RabbitMQ with its own Erlang port mapper (epmd), cookie and user; every port, also those of the Erlang
/// distribution, listens on loopback only.
/// </summary>
public sealed class RabbitMqServer : LocalServer
{
    internal const string User = "ticketing";

    private readonly int distributionPort = FreePort.Next();
    private readonly int epmdPort = FreePort.Next();
    private readonly int? managementPort;
    private ChildProcess? epmd;

    private RabbitMqServer(RabbitMqOptions options)
        : base("rabbitmq", "RabbitMQ", options)
    {
        managementPort = options.Management ? FreePort.Next() : null;
    }

    /// <inheritdoc/>
    public override string ConnectionString => $"amqp://{User}:{Uri.EscapeDataString(Password)}@127.0.0.1:{Port}";

    /// <summary>Starts a broker and waits until it serves (about 5 seconds).</summary>
    /// <exception cref="LocalHostingException">RabbitMQ is not installed, or did not start.</exception>
    public static Task<RabbitMqServer> StartAsync(
        RabbitMqOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(() => new RabbitMqServer(options ?? new()), cancellationToken);

    /// <summary>Adds a virtual host for the broker's user (some 10 ms); one that is there already is kept.</summary>
    /// <returns>Its connection string.</returns>
    /// <exception cref="InvalidOperationException">The server was started without
    /// <see cref="RabbitMqOptions.Management"/>.</exception>
    public async Task<string> AddVirtualHostAsync(string name, CancellationToken cancellationToken = default)
    {
        using var client = OpenManagement();
        var host = Uri.EscapeDataString(name);
        using var added = await client.PutAsync(new Uri($"vhosts/{host}", UriKind.Relative), null, cancellationToken);
        added.EnsureSuccessStatusCode();
        var everything = new { configure = ".*", write = ".*", read = ".*" };
        using var permitted = await client.PutAsJsonAsync($"permissions/{host}/{User}", everything, cancellationToken);
        permitted.EnsureSuccessStatusCode();
        return $"{ConnectionString}/{host}";
    }

    /// <summary>Removes a virtual host with all that is in it, and closes its connections; one that is not there is no error.</summary>
    /// <exception cref="InvalidOperationException">The server was started without
    /// <see cref="RabbitMqOptions.Management"/>.</exception>
    public async Task RemoveVirtualHostAsync(string name, CancellationToken cancellationToken = default)
    {
        using var client = OpenManagement();
        using var removed = await client.DeleteAsync(new Uri($"vhosts/{Uri.EscapeDataString(name)}", UriKind.Relative), cancellationToken);
        if (removed.StatusCode is not HttpStatusCode.NotFound)
            removed.EnsureSuccessStatusCode();
    }

    /// <inheritdoc/>
    public override async Task StopAsync(TimeSpan? grace = null)
    {
        await base.StopAsync(grace);
        if (epmd is not null)
        {
            await epmd.StopAsync(TimeSpan.FromSeconds(1));
            epmd.Dispose();
            epmd = null;
        }
    }

    private HttpClient OpenManagement()
    {
        var port = managementPort
            ?? throw new InvalidOperationException("Virtual hosts are managed over the management API: start with Management = true.");
        var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}/api/") };
        client.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}")));
        return client;
    }

    // The listener opens when everything else is up. A client that says something and then goes would be a warning in the log.
    private protected override async Task<bool> PingAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
        return true;
    }

    private protected override async Task<ProcessSpec> PrepareAsync(CancellationToken cancellationToken)
    {
        var script = Programs.RabbitMq();
        if (epmd is not { Exited.IsCompleted: false })
        {
            // Our own child, so that none is left behind: otherwise Erlang starts one that outlives the broker.
            epmd?.Dispose();
            epmd = await ChildProcess.StartAsync(new(Programs.Epmd(), "-port", $"{epmdPort}", "-address", "127.0.0.1")
            {
                Name = "epmd",
                Ledger = Options.Ledger,
            });
        }

        SecretFile.Write(PathOf("rabbitmq.conf"), RabbitMqFiles.Configuration(Port, User, Password, managementPort));
        await File.WriteAllTextAsync(PathOf("enabled_plugins"), managementPort is null ? "[]." : "[rabbitmq_management].", cancellationToken);
        return new(script)
        {
            WorkingDirectory = DataDirectory,
            Environment = RabbitMqFiles.Environment(DataDirectory, distributionPort, epmdPort),
        };
    }
}
