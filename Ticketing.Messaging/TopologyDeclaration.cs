using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Ticketing.Contracts;
using Ticketing.ServiceDefaults;

namespace Ticketing.Messaging;

/// <summary>
/// Declares all durable exchanges, queues and bindings of the platform: on the first start of all, an event must find
/// the queue of a service that has not come up yet.
/// </summary>
internal static class TopologyDeclaration
{
    /// <summary>
    /// More often than any message comes back: <see cref="BoundedDelivery"/> lays it aside long before. RabbitMQ 4 would drop it at the
    /// 21st time.
    /// </summary>
    private const int DeliveryLimit = 1_000_000;

    /// <summary>
    /// RabbitMQ 3.10 writes a new quorum queue's name to disk up to half a second after it said that the queue is
    /// declared. Killed before that, it drops what the queue had confirmed, and the queue never confirms again.
    /// </summary>
    private static readonly TimeSpan NewQueuesReachTheDisk = TimeSpan.FromSeconds(1);

    private static readonly RabbitMqMessageNameFormatter Names = new();

    /// <summary>
    /// A queue's arguments, which are also those of its error queues, since MassTransit declares those with the same. They can never be
    /// changed. What the broker itself gives up goes to the error queue rather than nowhere, and leaves the queue only when it is there.
    /// Right for RabbitMQ 3.10 to 4.
    /// </summary>
    public static IReadOnlyDictionary<string, object?> ArgumentsOf(string queue) => Topology.FormerQueueOf(queue) is null
        ? new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }
        : new Dictionary<string, object?>
        {
            ["x-queue-type"] = "quorum",
            ["x-delivery-limit"] = DeliveryLimit,
            ["x-dead-letter-exchange"] = "",
            ["x-dead-letter-routing-key"] = ErrorQueues.Of(queue)[0],
            ["x-dead-letter-strategy"] = "at-least-once",
            ["x-overflow"] = "reject-publish",
        };

    /// <summary>Declares everything, on a short connection, and waits until what is new is safe.</summary>
    /// <exception cref="Exception">The broker is away; try again later.</exception>
    public static async Task DeclareAsync(BrokerAddress broker, CancellationToken cancellationToken)
    {
        var connection = await broker.ConnectAsync("topology", TimeLimits.Publish, cancellationToken);
        try
        {
            var known = await IsKnownAsync(connection, cancellationToken);
            await using (var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken))
                await DeclareAsync(channel, cancellationToken);
            if (!known)
                await Task.Delay(NewQueuesReachTheDisk, cancellationToken);
        }
        finally
        {
            await connection.AbortAsync(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Whether every queue is there already.</summary>
    private static async Task<bool> IsKnownAsync(IConnection connection, CancellationToken cancellationToken)
    {
        string[] all = [.. Topology.Queues.SelectMany(queue => ErrorQueues.Of(queue.Name).Prepend(queue.Name))];
        return (await PresentAsync(connection, all, cancellationToken)).Count == all.Length;
    }

    /// <summary>Which of these queues there are.</summary>
    public static async Task<IReadOnlyList<string>> PresentAsync(
        IConnection connection, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var present = new List<string>();
        IChannel? channel = null;
        foreach (var name in names)
        {
            channel ??= await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            try
            {
                await channel.QueueDeclarePassiveAsync(name, cancellationToken);
                present.Add(name);
            }
            catch (OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode == Constants.NotFound)
            {
                // The broker closes a channel that asks for a queue which is not there.
                await channel.DisposeAsync();
                channel = null;
            }
        }
        if (channel is not null)
            await channel.DisposeAsync();
        return present;
    }

    /// <summary>
    /// Declares everything as MassTransit would: an exchange per event, one per queue, the queue behind it. The error queues
    /// too, so that they can be counted from the start and are on disk long before the first message comes.
    /// </summary>
    public static async Task DeclareAsync(IChannel channel, CancellationToken cancellationToken)
    {
        foreach (var queue in Topology.Queues)
        {
            var arguments = ArgumentsOf(queue.Name).ToDictionary();
            foreach (var name in ErrorQueues.Of(queue.Name).Prepend(queue.Name))
                await DeclareQueueAsync(name, arguments);
            foreach (var exchange in queue.Messages.Select(ExchangeOf))
            {
                await DeclareExchangeAsync(exchange);
                await channel.ExchangeBindAsync(queue.Name, exchange, routingKey: "", cancellationToken: cancellationToken);
            }
        }

        foreach (var @event in Topology.LiveEvents)
            await DeclareExchangeAsync(ExchangeOf(Topology.BatchOf(@event)));

        async Task DeclareQueueAsync(string name, Dictionary<string, object?> arguments)
        {
            await channel.QueueDeclareAsync(
                name, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);
            await DeclareExchangeAsync(name);
            await channel.QueueBindAsync(name, name, routingKey: "", cancellationToken: cancellationToken);
        }

        static string ExchangeOf(Type message) => Names.GetMessageName(message);

        Task DeclareExchangeAsync(string name) => channel.ExchangeDeclareAsync(
            name, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken);
    }
}
