namespace Ticketing.Reliability;

/// <summary>What every store of the platform says, read one after the other: it is of one moment only once all is settled.</summary>
internal sealed record Snapshot
{
    /// <summary>When it was read, by the clock of Orders' database.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Orders' listings with their stock.</summary>
    public IReadOnlyDictionary<Guid, Stock> Stock { get; init; } = new Dictionary<Guid, Stock>();

    /// <summary>Orders' orders: the truth about who holds what.</summary>
    public IReadOnlyDictionary<Guid, OrderFact> Orders { get; init; } = new Dictionary<Guid, OrderFact>();

    /// <summary>Tickets' listings: the truth about what is offered.</summary>
    public IReadOnlyDictionary<Guid, ListingFact> Listings { get; init; } = new Dictionary<Guid, ListingFact>();

    /// <summary>Tickets' replica of the orders.</summary>
    public IReadOnlyDictionary<Guid, ReservationFact> Reservations { get; init; } = new Dictionary<Guid, ReservationFact>();

    /// <summary>What Tickets booked as sold of each listing.</summary>
    public IReadOnlyDictionary<Guid, BooksFact> Books { get; init; } = new Dictionary<Guid, BooksFact>();

    /// <summary>How many users still wait for tickets of a listing that has some.</summary>
    public long Untold { get; init; }

    /// <summary>Payments' replica of the orders.</summary>
    public IReadOnlyDictionary<Guid, PayableFact> Payables { get; init; } = new Dictionary<Guid, PayableFact>();

    /// <summary>Payments' payments, by their order.</summary>
    public IReadOnlyDictionary<Guid, PaymentFact> Payments { get; init; } = new Dictionary<Guid, PaymentFact>();

    /// <summary>Stripe's payment intents.</summary>
    public IReadOnlyList<IntentFact> Intents { get; init; } = [];

    /// <summary>The orders whose clocks run in Redis.</summary>
    public IReadOnlyList<Guid> Clocks { get; init; } = [];

    /// <summary>Events not yet confirmed by the broker, by service.</summary>
    public IReadOnlyDictionary<string, long> Outboxes { get; init; } = new Dictionary<string, long>();

    /// <summary>Messages that wait, by queue; error queues are among them.</summary>
    public IReadOnlyDictionary<string, uint> Queues { get; init; } = new Dictionary<string, uint>();
}

/// <summary>A listing as Orders sells it.</summary>
internal sealed record Stock(Guid Id, long Price, int Quantity, int Available, int Version, bool Deleted);

/// <summary>An order.</summary>
internal sealed record OrderFact(
    Guid Id, Guid UserId, Guid TicketId, int Quantity, long Amount, string Status, string? Reason, DateTime ExpiresAt,
    string? PaymentIntentId, int Version)
{
    /// <summary>Whether it holds tickets that are not paid.</summary>
    public bool Open => Status is "created" or "awaiting:payment";

    public bool Complete => Status is "complete";
}

/// <summary>A listing as its seller offers it.</summary>
internal sealed record ListingFact(
    Guid Id, Guid SellerId, long Price, int Quantity, int Held, int Sold, int Version, bool Deleted);

/// <summary>What an order holds or bought, as Tickets knows it.</summary>
internal sealed record ReservationFact(Guid OrderId, Guid TicketId, int Quantity, string State);

/// <summary>What a listing's seller is told of its sales, in all currencies together.</summary>
internal sealed record BooksFact(Guid TicketId, long Tickets, long Amount);

/// <summary>An order, as Payments knows it.</summary>
internal sealed record PayableFact(Guid Id, string Status, long Amount, int Version);

/// <summary>A payment.</summary>
internal sealed record PaymentFact(Guid Id, Guid OrderId, Guid UserId, long Amount, string Status);

/// <summary>A payment intent in Stripe's books.</summary>
/// <param name="Id">Stripe's id.</param>
/// <param name="OrderId">The order that its metadata name.</param>
/// <param name="Status">Stripe's.</param>
/// <param name="Amount">What was asked for, in minor units.</param>
/// <param name="Received">What was taken.</param>
/// <param name="Refunded">What was given back of it.</param>
internal sealed record IntentFact(string Id, Guid? OrderId, string Status, long Amount, long Received, long Refunded)
{
    /// <summary>Whether the buyer's money is reserved and neither taken nor let go.</summary>
    public bool Held => Status is "requires_capture";

    public bool Taken => Received > Refunded;
}
