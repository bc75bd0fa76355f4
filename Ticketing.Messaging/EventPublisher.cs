using System.Diagnostics;
using System.Text.Json;
using MassTransit;
using RabbitMQ.Client;
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

    /// <summary>Publishes a message that stands for itself; returns when the broker has it safely in every queue that it goes to.</summary>
    /// <param name="message">One of the messages in <see cref="Topology"/>.</param>
    /// <param name="cancellationToken">Gives up; the message may have been published all the same.</param>
    /// <exception cref="UnroutableEventException">No queue took it.</exception>
    /// <exception cref="Exception">Anything else: the broker is away; try again later.</exception>
    public Task PublishAsync(object message, CancellationToken cancellationToken) => SendAsync(
        message.GetType(),
        mandatory: true,
        Guid.CreateVersion7(),
        json => JsonSerializer.Serialize(json, message, message.GetType(), JsonConventions.Options),
        cancellationToken);

    /// <summary>Connects and declares the topology, if that was not done yet.</summary>
    /// <exception cref="Exception">The broker is away; try again later.</exception>
    internal async Task ConnectAsync(CancellationToken cancellationToken) => await OpenAsync(cancellationToken);

    /// <summary>Publishes events of one kind in one message, an <see cref="EventBatch{TEvent}"/>, with their JSON as it is.</summary>
    /// <param name="type">The name of one of the events in <see cref="Topology"/>.</param>
    /// <param name="events">1 to <see cref="EventBatch.MaxSize"/>.</param>
    /// <param name="cancellationToken">Gives up; the events may have been published all the same.</param>
    /// <exception cref="KeyNotFoundException">There is no such event.</exception>
    /// <exception cref="UnroutableEventException">No queue took them.</exception>
    /// <exception cref="Exception">Anything else: the broker is away; try again later.</exception>
    public Task PublishAsync(string type, IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
    {
        var eventType = Topology.Events[type];
        return SendAsync(
            Topology.BatchOf(eventType),
            mandatory: !Topology.LiveEvents.Contains(eventType),
            events is [var alone] ? alone.Id : Guid.CreateVersion7(),
            json => WriteBatch(json, events),
            cancellationToken);
    }

    private static void WriteBatch(Utf8JsonWriter json, IReadOnlyList<StoredEvent> events)
    {
        json.WriteStartObject();
        json.WriteStartArray("events");
        foreach (var stored in events)
        {
            json.WriteStartObject();
            json.WriteString("id", stored.Id);
            json.WritePropertyName("event");
            json.WriteRawValue(stored.Body, skipInputValidation: true);
            if (stored.TraceParent is { } trace)
                json.WriteString("traceParent", trace);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private async Task SendAsync(
        Type message, bool mandatory, Guid messageId, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
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
                TopologyDeclaration.ExchangeOf(message), routingKey: "", mandatory, properties,
                Envelope(message, messageId, write), cancellationToken);
            refusal = null;
        }
        catch (RabbitMQ.Client.Exceptions.PublishException returned) when (returned.IsReturn)
        {
            throw new UnroutableEventException(message, returned);
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
    private static ReadOnlyMemory<byte> Envelope(Type message, Guid messageId, Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(2048);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("messageId", messageId);
        json.WriteStartArray("messageType");
        json.WriteStringValue(MessageUrn.ForTypeString(message));
        json.WriteEndArray();
        // MassTransit measures from here how long a message was on its way.
        json.WriteString("sentTime", TimeProvider.System.GetUtcNow().UtcDateTime);
        json.WritePropertyName("message");
        write(json);
        json.WriteEndObject();
        json.Flush();
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

/// <summary>An event as the outbox keeps it.</summary>
/// <param name="Id">The same however often it is sent.</param>
/// <param name="Body">Its JSON.</param>
/// <param name="TraceParent">The trace that it belongs to, if any.</param>
public readonly record struct StoredEvent(Guid Id, string Body, string? TraceParent);

/// <summary>No queue took a message: its exchange is bound to none, or the broker lost the topology.</summary>
/// <param name="message">The message's type.</param>
/// <param name="inner">What the broker said.</param>
public sealed class UnroutableEventException(Type message, Exception inner)
    : Exception($"No queue took the message {MessageUrn.ForTypeString(message)}.", inner);
