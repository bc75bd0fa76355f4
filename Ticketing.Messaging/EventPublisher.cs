using System.Diagnostics;
using MassTransit;
using MassTransit.Logging;
using Ticketing.Contracts;
using Ticketing.ServiceDefaults;

namespace Ticketing.Messaging;

/// <summary>
/// Publishes events so that none is lost: each is durable, confirmed by the broker, and mandatory, so that one which no
/// queue took is an error here, but for <see cref="Topology.LiveEvents"/>. The whole topology is declared before every new connection.
/// </summary>
/// <remarks>
/// A bus of its own, beside the consumers': it is there until the last consumer has finished, and a broker that is out of memory or
/// disk reads nothing from a connection that publishes, which would hold back the consumers' acknowledgements too.
/// </remarks>
/// <param name="broker">Where the broker is.</param>
public sealed class EventPublisher(BrokerAddress broker) : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource stopping = new();
    private readonly Lock starting = new();
    private (IBusControl Bus, Task Started)? running;
    private volatile string? refusal;

    /// <summary>Why the broker takes no events although it may be there; null when it does, or when nothing was published yet.</summary>
    internal string? Refusal => refusal;

    /// <summary>Publishes a message that stands for itself; returns when the broker has it safely in every queue that it goes to.</summary>
    /// <param name="message">One of the messages in <see cref="Topology"/>.</param>
    /// <param name="cancellationToken">Gives up; the message may have been published all the same.</param>
    /// <exception cref="UnroutableEventException">No queue took it.</exception>
    /// <exception cref="Exception">Anything else: the broker is away; try again later.</exception>
    public Task PublishAsync(object message, CancellationToken cancellationToken) =>
        PublishAsync(message, mandatory: true, Guid.CreateVersion7(), cancellationToken);

    /// <summary>Publishes events of one kind in one message, an <see cref="EventBatch{TEvent}"/>.</summary>
    /// <param name="type">The name of one of the events in <see cref="Topology"/>.</param>
    /// <param name="events">1 to <see cref="EventBatch.MaxSize"/>.</param>
    /// <param name="cancellationToken">Gives up; the events may have been published all the same.</param>
    /// <exception cref="KeyNotFoundException">There is no such event.</exception>
    /// <exception cref="UnroutableEventException">No queue took them.</exception>
    /// <exception cref="Exception">Anything else: the broker is away; try again later.</exception>
    public Task PublishAsync(string type, IReadOnlyList<BatchedEvent> events, CancellationToken cancellationToken)
    {
        var eventType = Topology.Events[type];
        return PublishAsync(
            Activator.CreateInstance(Topology.BatchOf(eventType), events)!,
            mandatory: !Topology.LiveEvents.Contains(eventType),
            events is [var alone] ? alone.Id : Guid.CreateVersion7(),
            cancellationToken);
    }

    /// <summary>Declares the topology, and begins to connect.</summary>
    /// <exception cref="Exception">The broker is away; try again later.</exception>
    internal async Task ConnectAsync(CancellationToken cancellationToken)
    {
        await TopologyDeclaration.DeclareAsync(broker, cancellationToken);
        Open();
    }

    private async Task PublishAsync(object message, bool mandatory, Guid messageId, CancellationToken cancellationToken)
    {
        try
        {
            await Open().Publish(message, message.GetType(), publish =>
            {
                publish.MessageId = messageId;
                publish.Mandatory = mandatory;
                // MassTransit puts its own span here, but only in a trace that is recorded: the others go on too.
                if (Activity.Current?.Id is { } trace)
                    publish.Headers.Set(DiagnosticHeaders.ActivityId, trace);
            }, cancellationToken);
            refusal = null;
        }
        catch (MessageReturnedException returned)
        {
            refusal = null;
            throw new UnroutableEventException(message.GetType(), returned);
        }
        catch (OperationCanceledException)
        {
            refusal = "it does not confirm them, as when it is out of memory or disk";
            throw;
        }
    }

    private IBusControl Open()
    {
        lock (starting)
        {
            if (running is { Bus: var open })
                return open;
            var token = stopping.Token;
            var bus = Bus.Factory.CreateUsingRabbitMq(rabbit => broker.Configure(rabbit, host =>
            {
                host.ConnectionName("events");
                host.Heartbeat(TimeSpan.FromSeconds(10));
                host.RequestedConnectionTimeout(TimeLimits.Broker);
                // The broker may have lost everything since the last connection.
                host.OnRefreshConnectionFactory = _ => TopologyDeclaration.DeclareAsync(broker, token);
            }));
            // Nobody waits for the start: a publish connects by itself. Only a bus that was started can be stopped.
            running = (bus, bus.StartAsync(token));
            return bus;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        if (running is (var bus, var started))
        {
            await started.WaitAsync(StopTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await bus.StopAsync(StopTimeout);
        }
        stopping.Dispose();
    }
}

/// <summary>No queue took a message: its exchange is bound to none, or the broker lost the topology.</summary>
/// <param name="message">The message's type.</param>
/// <param name="inner">What the broker said.</param>
public sealed class UnroutableEventException(Type message, Exception inner)
    : Exception($"No queue took the message {MessageUrn.ForTypeString(message)}.", inner);
