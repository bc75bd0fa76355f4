using MassTransit;
using RabbitMQ.Client;
using Ticketing.ServiceDefaults;

namespace Ticketing.Messaging;

/// <summary>
/// Where RabbitMQ is: <c>amqp://user:password@host:port/vhost</c>, <c>amqps://…</c> for TLS, or several of them with commas
/// between: the nodes of one cluster, with the user and virtual host of the first.
/// </summary>
public sealed class BrokerAddress
{
    private BrokerAddress(IReadOnlyList<Uri> uris)
    {
        Uri = uris[0];
        Nodes = [.. uris.Select(uri => new AmqpTcpEndpoint(
            uri.Host, uri.IsDefaultPort ? AmqpTcpEndpoint.UseDefaultPort : uri.Port, new SslOption(uri.Host, enabled: uri.Scheme == "amqps")))];
    }

    /// <summary>The first node, with user, password and virtual host.</summary>
    internal Uri Uri { get; }

    /// <summary>All nodes; any of them will do.</summary>
    internal IReadOnlyList<AmqpTcpEndpoint> Nodes { get; }

    /// <exception cref="FormatException">It is no such address.</exception>
    public static BrokerAddress Parse(string connectionString)
    {
        var uris = connectionString.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps" ? uri : null).ToList();
        return uris.Count > 0 && uris.TrueForAll(uri => uri is not null) && uris.Select(uri => uri!.Scheme).Distinct().Count() == 1
            ? new([.. uris.OfType<Uri>()])
            : throw new FormatException("This is no address such as amqp://user:password@host:5672 (amqps for TLS; for a cluster several, all of the same kind, with commas between).");
    }

    /// <summary>A connection beside MassTransit's. It is not opened again by itself.</summary>
    /// <param name="name">What the broker shows for it.</param>
    /// <param name="answer">How long each question on it waits for its answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Exception">The broker is away, or does not answer.</exception>
    internal Task<IConnection> ConnectAsync(string name, TimeSpan answer, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory
        {
            Uri = Uri,
            ClientProvidedName = name,
            AutomaticRecoveryEnabled = false,
            RequestedConnectionTimeout = TimeLimits.Broker,
            HandshakeContinuationTimeout = TimeLimits.Broker,
            ContinuationTimeout = answer,
        };
        return factory.CreateConnectionAsync(Nodes, cancellationToken).WaitAsync(2 * TimeLimits.Broker, cancellationToken);
    }

    /// <summary>Tells MassTransit.</summary>
    internal void Configure(IRabbitMqBusFactoryConfigurator rabbit, Action<IRabbitMqHostConfigurator>? configure = null) => rabbit.Host(Uri, host =>
    {
        configure?.Invoke(host);
        if (Nodes.Count > 1)
            host.UseCluster(cluster =>
            {
                foreach (var node in Nodes)
                    cluster.Node($"{node.HostName}:{node.Port}");
            });
    });
}
