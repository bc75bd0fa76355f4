namespace Ticketing.Orders.Placing;

/// <summary>What a buyer asks for, judged to be well formed.</summary>
/// <param name="UserId">The buyer.</param>
/// <param name="TicketId">The listing.</param>
/// <param name="Quantity">1 to <see cref="PlaceOrder.MaxQuantity"/>.</param>
/// <param name="Key">The idempotency key, if the client gave one.</param>
/// <param name="TraceParent">The trace that the request belongs to.</param>
internal sealed record Reservation(Guid UserId, Guid TicketId, int Quantity, string? Key, string? TraceParent)
{
    /// <summary>The price of one ticket that the buyer saw, in minor units; null: any.</summary>
    public long? ExpectedPrice { get; init; }

    /// <summary>The currency of that price; null: any.</summary>
    public string? ExpectedCurrency { get; init; }

    /// <summary>The listing's version that the buyer saw; null: any.</summary>
    public int? ExpectedVersion { get; init; }

    /// <summary>Whether the order is what this asks for: one that was placed under the same key before may be another.</summary>
    public bool Fits(Order order) =>
        order.TicketId == TicketId && order.Quantity == Quantity
        && (ExpectedPrice ?? order.TicketPrice) == order.TicketPrice
        && (ExpectedCurrency ?? order.Currency) == order.Currency
        && (ExpectedVersion ?? order.TicketVersion) == order.TicketVersion;
}

/// <summary>What came of it: an order, or why there is none.</summary>
/// <param name="Order">The order; if the key was used before, that order.</param>
/// <param name="Refusal">Why there is none.</param>
internal sealed record Placement(Order? Order, Refusal? Refusal);
