namespace Ticketing.Contracts;

/// <summary>A durable queue and the events that it receives.</summary>
/// <param name="Name">The queue's name: the service that consumes it, then what it is about.</param>
/// <param name="Events">The event types that are bound to it.</param>
public sealed record QueueTopology(string Name, IReadOnlyList<Type> Events);

/// <summary>
/// Which queue receives which event, for the whole platform. Every service declares all of it before it publishes
/// anything: a confirmed publish to an exchange without a queue behind it would be lost.
/// </summary>
public static class Topology
{
    /// <summary>Orders' replica of the listings.</summary>
    public const string OrdersListings = "orders-listings";

    /// <summary>What became of an order's payment, told to Orders.</summary>
    public const string OrdersPayments = "orders-payments";

    /// <summary>The holds whose time is up, told to Orders.</summary>
    public const string OrdersExpiration = "orders-expiration";

    /// <summary>What is locked and sold of a listing, told to Tickets.</summary>
    public const string TicketsOrders = "tickets-orders";

    /// <summary>Quantities that Tickets must raise.</summary>
    public const string TicketsCorrections = "tickets-corrections";

    /// <summary>Users who are gone, told to Tickets.</summary>
    public const string TicketsUsers = "tickets-users";

    /// <summary>Payments' replica of the orders, and the verdicts on its payments.</summary>
    public const string PaymentsOrders = "payments-orders";

    /// <summary>The clocks that Expiration starts, moves and stops.</summary>
    public const string ExpirationOrders = "expiration-orders";

    /// <summary>All durable queues. Web's queues are per instance, expire by themselves and are not listed.</summary>
    public static IReadOnlyList<QueueTopology> Queues { get; } =
    [
        new(OrdersListings, [typeof(TicketCreated), typeof(TicketUpdated), typeof(TicketDeleted)]),
        new(OrdersPayments,
        [
            typeof(PaymentStarted), typeof(PaymentAuthorized), typeof(PaymentCaptured), typeof(PaymentReleased),
            typeof(PaymentFailed),
        ]),
        new(OrdersExpiration, [typeof(ExpirationComplete)]),
        new(TicketsOrders, [typeof(OrderCreated), typeof(OrderCancelled), typeof(OrderCompleted)]),
        new(TicketsCorrections, [typeof(ListingCorrected)]),
        new(TicketsUsers, [typeof(UserDeleted)]),
        new(PaymentsOrders,
        [
            typeof(OrderCreated), typeof(OrderAwaitingPayment), typeof(OrderCancelled), typeof(OrderCompleted),
            typeof(PaymentRefused),
        ]),
        new(ExpirationOrders,
        [
            typeof(OrderCreated), typeof(OrderAwaitingPayment), typeof(OrderCancelled), typeof(OrderCompleted),
        ]),
    ];

    /// <summary>
    /// Events for the pages that are open in this moment, which no durable queue takes: where no page is open nobody need
    /// hear them, and what they tell can be read from their owner.
    /// </summary>
    public static IReadOnlyList<Type> LiveEvents { get; } = [typeof(BackOnSale)];

    /// <summary>Every event type, by the name under which the outbox stores it.</summary>
    public static IReadOnlyDictionary<string, Type> Events { get; } =
        Queues.SelectMany(queue => queue.Events).Concat(LiveEvents).Distinct().ToDictionary(type => type.Name);
}
