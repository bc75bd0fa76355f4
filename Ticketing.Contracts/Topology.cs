namespace Ticketing.Contracts;

/// <summary>A durable queue and the messages that it receives.</summary>
/// <param name="Name">The queue's name: the service that consumes it, then what it is about.</param>
/// <param name="Messages">The message types that are bound to it.</param>
public sealed record QueueTopology(string Name, IReadOnlyList<Type> Messages);

/// <summary>
/// Which queue receives which event, for the whole platform. Every service declares all of it before it publishes
/// anything: a confirmed publish to an exchange without a queue behind it would be lost.
/// </summary>
public static class Topology
{
    /// <summary>Orders' replica of the listings.</summary>
    public const string OrdersListings = "orders-listings-batches";

    /// <summary>What became of an order's payment, told to Orders.</summary>
    public const string OrdersPayments = "orders-payments-batches";

    /// <summary>The holds whose time is up, told to Orders. Its messages name many orders themselves.</summary>
    public const string OrdersExpiration = "orders-expiration";

    /// <summary>What is locked and sold of a listing, told to Tickets.</summary>
    public const string TicketsOrders = "tickets-orders-batches";

    /// <summary>Quantities that Tickets must raise.</summary>
    public const string TicketsCorrections = "tickets-corrections-batches";

    /// <summary>Users who are gone, told to Tickets.</summary>
    public const string TicketsUsers = "tickets-users-batches";

    /// <summary>Payments' replica of the orders.</summary>
    public const string PaymentsOrders = "payments-orders-batches";

    /// <summary>The verdicts on payments, told to Payments: a queue of their own, so that no money waits behind holds.</summary>
    public const string PaymentsVerdicts = "payments-verdicts-batches";

    /// <summary>The clocks that Expiration starts, moves and stops.</summary>
    public const string ExpirationOrders = "expiration-orders-batches";

    private const string BatchSuffix = "-batches";

    /// <summary>All durable queues. Web's queues are per instance, expire by themselves and are not listed.</summary>
    public static IReadOnlyList<QueueTopology> Queues { get; } =
    [
        Batches(OrdersListings, typeof(TicketCreated), typeof(TicketUpdated), typeof(TicketDeleted)),
        Batches(
            OrdersPayments,
            typeof(PaymentStarted), typeof(PaymentAuthorized), typeof(PaymentCaptured), typeof(PaymentReleased), typeof(PaymentFailed)),
        new(OrdersExpiration, [typeof(ExpirationComplete)]),
        Batches(TicketsOrders, typeof(OrderCreated), typeof(OrderCancelled), typeof(OrderCompleted)),
        Batches(TicketsCorrections, typeof(ListingCorrected)),
        Batches(TicketsUsers, typeof(UserDeleted)),
        Batches(
            PaymentsOrders,
            typeof(OrderCreated), typeof(OrderPaymentStateChanged), typeof(OrderCancelled)),
        Batches(PaymentsVerdicts, typeof(OrderCompleted), typeof(PaymentRefused)),
        Batches(
            ExpirationOrders,
            typeof(OrderCreated), typeof(OrderPaymentStateChanged), typeof(OrderCancelled), typeof(OrderCompleted)),
    ];

    /// <summary>
    /// Events for the pages that are open in this moment, which no durable queue takes: where no page is open nobody need
    /// hear them, and what they tell can be read from their owner.
    /// </summary>
    public static IReadOnlyList<Type> LiveEvents { get; } = [typeof(BackOnSale), typeof(AvailabilityChanged)];

    /// <summary>Events that somebody's money waits for. They are published before others, however many those are.</summary>
    public static IReadOnlyList<Type> MoneyEvents { get; } =
    [
        typeof(OrderCompleted), typeof(PaymentRefused),
        typeof(PaymentStarted), typeof(PaymentAuthorized), typeof(PaymentCaptured), typeof(PaymentReleased), typeof(PaymentFailed),
    ];

    /// <summary>Every event type by its name, under which an outbox holds it.</summary>
    public static IReadOnlyDictionary<string, Type> Events { get; } = new Dictionary<string, Type>(
        Queues.SelectMany(queue => queue.Messages).Where(IsBatch).Select(EventOf).Concat(LiveEvents).Distinct()
            .Select(type => KeyValuePair.Create(type.Name, type)))
    {
        // What a replica of the release before left in the outbox.
        [nameof(OrderAwaitingPayment)] = typeof(OrderPaymentStateChanged),
    };

    /// <summary>The message that carries events of this type.</summary>
    public static Type BatchOf(Type @event) => typeof(EventBatch<>).MakeGenericType(@event);

    /// <summary>
    /// The queue that the release before used in place of this one, with a message for each event; null where it is the same.
    /// It is consumed as long as it is there.
    /// </summary>
    public static string? FormerQueueOf(string queue) => queue switch
    {
        PaymentsVerdicts => PaymentsOrders[..^BatchSuffix.Length],
        _ when queue.EndsWith(BatchSuffix, StringComparison.Ordinal) => queue[..^BatchSuffix.Length],
        _ => null,
    };

    private static QueueTopology Batches(string name, params Type[] events) => new(name, [.. events.Select(BatchOf)]);

    private static bool IsBatch(Type message) => message.IsConstructedGenericType;

    private static Type EventOf(Type batch) => batch.GetGenericArguments()[0];
}
