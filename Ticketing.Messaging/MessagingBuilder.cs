using MassTransit;
using Ticketing.Contracts;
using Ticketing.ServiceDefaults;

namespace Ticketing.Messaging;

/// <summary>Which messages a service takes, and from which queues.</summary>
public sealed class MessagingBuilder
{
    private readonly List<Registration> registrations = [];
    private readonly HashSet<Type> handlers = [];

    internal IReadOnlyList<Registration> Registrations => registrations;

    /// <summary>What takes events, once for the service.</summary>
    internal IReadOnlyCollection<Type> Handlers => handlers;

    /// <summary>
    /// Between attempts at a message whose failure may pass. With the attempts, which may each take until a statement has timed
    /// out, they are shorter than <see cref="LongestDelivery"/>.
    /// </summary>
    internal TimeSpan[] RetryIntervals { get; set; } = [.. ((double[])[0.5, 1, 2, 4, 8, 15, 15]).Select(seconds => TimeSpan.FromSeconds(seconds))];

    /// <summary>How long a consumer may hold a message.</summary>
    internal TimeSpan LongestDelivery { get; set; } = TimeLimits.Delivery;

    /// <summary>
    /// Gives a handler the events that it takes from a durable queue which all replicas share: each message reaches one of them.
    /// Handlers of the same queue are put together. The queue of the release before is emptied too, as long as it is there.
    /// </summary>
    /// <param name="queue">A name from <see cref="Topology"/>.</param>
    /// <typeparam name="THandler">An <see cref="IHandleEvents{TEvent}"/> of one or more events.</typeparam>
    public MessagingBuilder AddHandler<THandler>(string queue)
        where THandler : class
    {
        handlers.Add(typeof(THandler));
        foreach (var @event in EventsOf(typeof(THandler)))
        {
            registrations.Add(new(queue, BatchConsumer(@event, typeof(THandler)), QueueKind.Shared));
            if (Topology.FormerQueueOf(queue) is { } former)
                registrations.Add(new(former, FormerConsumer(@event, typeof(THandler)), QueueKind.Former));
        }
        return this;
    }

    /// <summary>
    /// Gives a handler every event that it takes, from a queue of this process alone. The queue vanishes soon after its process, and
    /// what happened meanwhile is not told again.
    /// </summary>
    /// <param name="prefix">What the queue's name begins with.</param>
    /// <typeparam name="THandler">An <see cref="IHandleEvents{TEvent}"/> of one or more events.</typeparam>
    public MessagingBuilder AddInstanceHandler<THandler>(string prefix)
        where THandler : class
    {
        handlers.Add(typeof(THandler));
        var queue = $"{prefix}-{Guid.CreateVersion7():N}";
        foreach (var @event in EventsOf(typeof(THandler)))
        {
            registrations.Add(new(queue, BatchConsumer(@event, typeof(THandler)), QueueKind.Instance));
            // The release before did not send it.
            if (@event != typeof(AvailabilityChanged))
                registrations.Add(new(queue, FormerConsumer(@event, typeof(THandler)), QueueKind.Instance));
        }
        return this;
    }

    /// <summary>Adds a consumer of messages that stand for themselves to a durable queue that all replicas share.</summary>
    /// <param name="queue">A name from <see cref="Topology"/>.</param>
    /// <typeparam name="TConsumer">Consumes one or more messages.</typeparam>
    public MessagingBuilder AddConsumer<TConsumer>(string queue)
        where TConsumer : class, IConsumer
    {
        registrations.Add(new Registration(queue, typeof(TConsumer), QueueKind.Shared));
        return this;
    }

    internal IReadOnlyList<string> QueuesOf(QueueKind kind) =>
        [.. registrations.Where(registration => registration.Kind == kind).Select(registration => registration.Queue).Distinct()];

    private static IEnumerable<Type> EventsOf(Type handler) => handler.GetInterfaces()
        .Where(type => type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(IHandleEvents<>))
        .Select(type => type.GetGenericArguments()[0]);

    private static Type BatchConsumer(Type @event, Type handler) => typeof(EventBatchConsumer<,>).MakeGenericType(@event, handler);

    private static Type FormerConsumer(Type @event, Type handler) => @event == typeof(OrderPaymentStateChanged)
        ? typeof(RenamedEventConsumer<,,>).MakeGenericType(typeof(OrderAwaitingPayment), @event, handler)
        : typeof(FormerEventConsumer<,>).MakeGenericType(@event, handler);

    internal sealed record Registration(string Queue, Type Consumer, QueueKind Kind);
}

internal enum QueueKind
{
    /// <summary>Durable; each message reaches one replica.</summary>
    Shared,

    /// <summary>The same, of the release before: consumed if it is there, and never made.</summary>
    Former,

    /// <summary>Of one process.</summary>
    Instance,
}
