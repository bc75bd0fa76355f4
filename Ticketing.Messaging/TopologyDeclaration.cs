using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Ticketing.Contracts;

namespace Ticketing.Messaging;

/// <summary>
/// Declares all durable exchanges, queues and bindings of the platform: on the first start of all, an event must find
/// the queue of a service that has not come up yet.
/// </summary>
internal static class TopologyDeclaration
{
    private static readonly Dictionary<string, object?> QuorumQueue = new() { ["x-queue-type"] = "quorum" };

    /// <summary>The exchange of an event, by MassTransit's convention.</summary>
    public static string ExchangeOf(Type @event) => $"{@event.Namespace}:{@event.Name}";

    /// <summary>Whether every queue is there already.</summary>
    public static async Task<bool> IsKnownAsync(IConnection connection, CancellationToken cancellationToken)
    {
        // The broker closes a channel that asks for a queue which is not there; so it is one of its own.
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            foreach (var queue in Topology.Queues)
            {
                foreach (var name in (string[])[queue.Name, .. ErrorQueues.Of(queue.Name)])
                    await channel.QueueDeclarePassiveAsync(name, cancellationToken);
            }
            return true;
        }
        catch (OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return false;
        }
    }

    /// <summary>
    /// Declares everything as MassTransit would: an exchange per event, one per queue, the queue behind it. The error queues
    /// too, so that they can be counted from the start and are on disk long before the first message comes.
    /// </summary>
    public static async Task DeclareAsync(IChannel channel, CancellationToken cancellationToken)
    {
        foreach (var queue in Topology.Queues)
        {
            await DeclareQueueAsync(queue.Name);
            foreach (var errors in ErrorQueues.Of(queue.Name))
                await DeclareQueueAsync(errors);
            foreach (var exchange in queue.Events.Select(ExchangeOf))
            {
                await DeclareExchangeAsync(exchange);
                await channel.ExchangeBindAsync(queue.Name, exchange, routingKey: "", cancellationToken: cancellationToken);
            }
        }

        foreach (var @event in Topology.LiveEvents)
            await DeclareExchangeAsync(ExchangeOf(@event));

        async Task DeclareQueueAsync(string name)
        {
            await channel.QueueDeclareAsync(
                name, durable: true, exclusive: false, autoDelete: false, QuorumQueue, cancellationToken: cancellationToken);
            await DeclareExchangeAsync(name);
            await channel.QueueBindAsync(name, name, routingKey: "", cancellationToken: cancellationToken);
        }

        Task DeclareExchangeAsync(string name) => channel.ExchangeDeclareAsync(
            name, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken);
    }
}
