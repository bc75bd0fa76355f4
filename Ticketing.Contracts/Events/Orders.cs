namespace Ticketing.Contracts;

/// <summary>The whole state of an order, as its owner (Orders) publishes it with every change.</summary>
/// <param name="Id">The order's id.</param>
/// <param name="UserId">The buyer.</param>
/// <param name="TicketId">The listing that the tickets are taken from.</param>
/// <param name="Quantity">How many tickets, 1–10.</param>
/// <param name="Amount">What the buyer pays in all, in minor units of <paramref name="Currency"/>.</param>
/// <param name="Currency">ISO 4217 code in lower case.</param>
/// <param name="Status">One of <see cref="OrderStatus"/>.</param>
/// <param name="Reason">Why it is cancelled, one of <see cref="CancelReason"/>; otherwise null.</param>
/// <param name="ExpiresAt">When an unpaid hold ends.</param>
/// <param name="CreatedAt">When the order was placed.</param>
/// <param name="TicketTitle">The listing's title when the order was placed.</param>
/// <param name="TicketPrice">The price of one ticket when the order was placed, in minor units.</param>
/// <param name="TicketVersion">The listing's version when the order was placed.</param>
/// <param name="PaymentId">The payment that completed it, if any.</param>
/// <param name="PaymentIntentId">The Stripe payment intent that completed it, if any.</param>
/// <param name="Version">0 for a new order, one more with each change.</param>
/// <param name="CompletedAt">When it was sold, by the clock of Orders, if ever; absent from older versions.</param>
public sealed record OrderState(
    Guid Id,
    Guid UserId,
    Guid TicketId,
    int Quantity,
    long Amount,
    string Currency,
    string Status,
    string? Reason,
    DateTimeOffset ExpiresAt,
    DateTimeOffset CreatedAt,
    string TicketTitle,
    long TicketPrice,
    int TicketVersion,
    Guid? PaymentId,
    string? PaymentIntentId,
    int Version,
    DateTimeOffset? CompletedAt = null);

/// <summary>The states of an order, as events and the API spell them.</summary>
public static class OrderStatus
{
    /// <summary>Placed; its tickets are held until the order's end of hold.</summary>
    public const string Created = "created";

    /// <summary>A payment is under way; the hold is longer, so that 3-D Secure can be finished.</summary>
    public const string AwaitingPayment = "awaiting:payment";

    /// <summary>Sold.</summary>
    public const string Complete = "complete";

    /// <summary>Ended without a sale; its tickets are free again.</summary>
    public const string Cancelled = "cancelled";
}

/// <summary>Why an order was cancelled.</summary>
public static class CancelReason
{
    /// <summary>The buyer cancelled it. Final: a late payment is refused.</summary>
    public const string Buyer = "buyer";

    /// <summary>The hold ran out. A late payment may complete it after all if the tickets are still free.</summary>
    public const string Expired = "expired";

    /// <summary>The authorized money could not be captured.</summary>
    public const string PaymentFailed = "payment_failed";
}

/// <summary>A buyer reserved tickets.</summary>
/// <param name="Order">The new order, version 0.</param>
public sealed record OrderCreated(OrderState Order);

/// <summary>
/// The order's payment or its end of hold changed while it is still open: a payment started
/// (<c>awaiting:payment</c>), or an attempt failed and it is back in <c>created</c>.
/// </summary>
/// <param name="Order">The order after the change.</param>
public sealed record OrderPaymentStateChanged(OrderState Order);

/// <summary>What <see cref="OrderPaymentStateChanged"/> was called by the release before. Still heard, no longer sent.</summary>
/// <param name="Order">The order after the change.</param>
public sealed record OrderAwaitingPayment(OrderState Order) : IFormerEvent<OrderPaymentStateChanged>
{
    /// <inheritdoc/>
    public OrderPaymentStateChanged ToCurrent() => new(Order);
}

/// <summary>The order ended without a sale.</summary>
/// <param name="Order">The order after the change; <see cref="OrderState.Reason"/> says why.</param>
public sealed record OrderCancelled(OrderState Order);

/// <summary>
/// The order is sold. It is also the verdict for the payment that it names: capture it.
/// </summary>
/// <param name="Order">The order after the change, with its payment and intent.</param>
public sealed record OrderCompleted(OrderState Order);
