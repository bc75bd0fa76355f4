using System.Diagnostics;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Ticketing.Contracts;
using Ticketing.ServiceDefaults;

namespace Ticketing.Messaging;

/// <summary>
/// Publishes events so that none is lost: each is durable, confirmed by the broker, and mandatory, so that one which no
/// queue took is an error here, but for <see cref="Topology.LiveEvents"/>. The whole topology is declared on every new connection, before anything is published.
/// </summary>
/// <remarks>
/// It speaks to RabbitMQ's client itself, in the envelope that MassTransit's consumers read. MassTransit 8.4 caches
/// channels, and after confirms that timed out was seen to fail with <see cref="ObjectDisposedException"/> from then on
/// (its issue 5823); here a connection that failed once is thrown away whole. And an event's JSON goes from the outbox
/// to the broker as it is.
/// </remarks>
/// <param name="broker">Where the broker is.</param>
public sealed class EventPublisher(BrokerAddress broker) : IAsyncDisposable
{
    private const string EnvelopeType = "application/vnd.masstransit+json";

    /// <summary>The header in which MassTransit looks for the trace that a message belongs to.</summary>
    private const string TraceHeader = "MT-Activity-Id";

    private const int MaxUnconfirmed = 512;

    private readonly ConnectionFactory factory = new()
    {
        Uri = broker.Uri,
        ClientProvidedName = "events",
        AutomaticRecoveryEnabled = false,
        TopologyRecoveryEnabled = false,
        RequestedConnectionTimeout = TimeLimits.Broker,
        RequestedHeartbeat = TimeSpan.FromSeconds(10),
    };

    /// <summary>
    /// RabbitMQ 3.10 writes a new quorum queue's name to disk up to half a second after it said that the queue is
    /// declared. Killed before that, it drops what the queue had confirmed, and the queue never confirms again.
    /// </summary>
    private static readonly TimeSpan NewQueuesReachTheDisk = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim opening = new(1);
    private Link? link;
    private volatile string? refusal;

    /// <summary>Why the broker takes no events although it is there, e.g. <c>low on disk</c>; null when it does, or when nothing was published yet.</summary>
    internal string? Refusal => refusal;

    /// <summary>Publishes one event; returns when the broker has it safely in every queue that it goes to.</summary>
    /// <param name="event">One of the events in <see cref="Topology"/>.</param>
    /// <param name="cancellationToken">Gives up; the event may have been published all the same.</param>
    /// <exception cref="UnroutableEventException">No queue took it.</exception>
    /// <exception cref="Exception">Anything else: the broker is away; try again later.</exception>
    public Task PublishAsync(object @event, CancellationToken cancellationToken) => PublishAsync(
        @event.GetType().Name,
        JsonSerializer.Serialize(@event, @event.GetType(), JsonConventions.Options),
        Guid.CreateVersion7(),
        cancellationToken);

    /// <summary>Connects and declares the topology, if that was not done yet.</summary>
    /// <exception cref="Exception">The broker is away; try again later.</exception>
    internal async Task ConnectAsync(CancellationToken cancellationToken) => await OpenAsync(cancellationToken);

    /// <summary>The same for an event whose JSON is there already.</summary>
    /// <param name="type">The name of one of the events in <see cref="Topology"/>.</param>
    /// <param name="body">Its JSON.</param>
    /// <param name="messageId">The message's id, the same however often it is sent.</param>
    /// <param name="cancellationToken">Gives up; the event may have been published all the same.</param>
    /// <exception cref="KeyNotFoundException">There is no such event.</exception>
    /// <exception cref="UnroutableEventException">No queue took it.</exception>
    public async Task PublishAsync(string type, string body, Guid messageId, CancellationToken cancellationToken)
    {
        var eventType = Topology.Events[type];
        var properties = new BasicProperties
        {
            ContentType = EnvelopeType,
            DeliveryMode = DeliveryModes.Persistent,
            MessageId = messageId.ToString(),
        };
        if (Activity.Current?.Id is { } trace)
            properties.Headers = new Dictionary<string, object?> { [TraceHeader] = trace };

        var open = await OpenAsync(cancellationToken);
        try
        {
            await open.Channel.BasicPublishAsync(
                TopologyDeclaration.ExchangeOf(eventType), routingKey: "",
                mandatory: !Topology.LiveEvents.Contains(eventType), properties,
                Envelope(eventType, body, messageId), cancellationToken);
            refusal = null;
        }
        catch (PublishException returned) when (returned.IsReturn)
        {
            throw new UnroutableEventException(type, returned);
        }
        catch
        {
            // What state the channel is in nobody knows; the next event gets a new one.
            Interlocked.CompareExchange(ref link, null, open);
            await open.DisposeAsync();
            throw;
        }
    }

    /// <summary>What MassTransit's consumers expect around a message.</summary>
    private static ReadOnlyMemory<byte> Envelope(Type type, string body, Guid messageId)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(body.Length + 256);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("messageId", messageId);
        writer.WriteStartArray("messageType");
        writer.WriteStringValue($"urn:message:{type.Namespace}:{type.Name}");
        writer.WriteEndArray();
        // MassTransit measures from here how long a message was on its way.
        writer.WriteString("sentTime", TimeProvider.System.GetUtcNow().UtcDateTime);
        writer.WritePropertyName("message");
        writer.WriteRawValue(body);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private async ValueTask<Link> OpenAsync(CancellationToken cancellationToken)
    {
        if (link is { Channel.IsOpen: true } open)
            return open;
        await opening.WaitAsync(cancellationToken);
        try
        {
            if (link is { Channel.IsOpen: true } opened)
                return opened;
            var connection = await factory.CreateConnectionAsync(broker.Nodes, cancellationToken);
            connection.ConnectionBlockedAsync += (_, blocked) =>
            {
                refusal = blocked.Reason;
                return Task.CompletedTask;
            };
            connection.ConnectionUnblockedAsync += (_, _) =>
            {
                refusal = null;
                return Task.CompletedTask;
            };
            try
            {
                var channel = await connection.CreateChannelAsync(
                    new CreateChannelOptions(
                        publisherConfirmationsEnabled: true,
                        publisherConfirmationTrackingEnabled: true,
                        outstandingPublisherConfirmationsRateLimiter: new ThrottlingRateLimiter(MaxUnconfirmed)),
                    cancellationToken);
                var known = await TopologyDeclaration.IsKnownAsync(connection, cancellationToken);
                await TopologyDeclaration.DeclareAsync(channel, cancellationToken);
                if (!known)
                    await Task.Delay(NewQueuesReachTheDisk, cancellationToken);
                return link = new Link(connection, channel);
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }
        finally
        {
            opening.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (link is not null)
            await link.DisposeAsync();
        opening.Dispose();
    }

    private sealed class Link(IConnection connection, IChannel channel) : IAsyncDisposable
    {
        private int disposed;

        public IChannel Channel => channel;

        public async ValueTask DisposeAsync()
        {
            // Every publish that was under way on it fails and comes here.
            if (Interlocked.Exchange(ref disposed, 1) == 0)
                await connection.AbortAsync(TimeSpan.FromSeconds(1));
        }
    }
}

/// <summary>No queue took an event: it is bound to none, or the broker lost the topology.</summary>
/// <param name="type">The event's name.</param>
/// <param name="inner">What the broker said.</param>
public sealed class UnroutableEventException(string type, Exception inner)
    : Exception($"No queue took the event {type}.", inner);
