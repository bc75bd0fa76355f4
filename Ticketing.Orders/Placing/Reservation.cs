namespace Ticketing.Orders.Placing;

/// <summary>What a buyer asks for, judged to be well formed.</summary>
/// <param name="UserId">The buyer.</param>
/// <param name="TicketId">The listing.</param>
/// <param name="Quantity">1 to <see cref="PlaceOrder.MaxQuantity"/>.</param>
/// <param name="Key">The idempotency key, if the client gave one.</param>
/// <param name="TraceParent">The trace that the request belongs to.</param>
internal sealed record Reservation(Guid UserId, Guid TicketId, int Quantity, string? Key, string? TraceParent);

/// <summary>What came of it.</summary>
/// <param name="Listed">Whether the listing is there.</param>
/// <param name="WaitUntil">When the buyer, who holds too much now, may hold more.</param>
/// <param name="Order">The order; if the key was used before, that order.</param>
/// <param name="Unpayable">Why no card could pay for it (<see cref="Contracts.ChargeLimits"/>); otherwise null.</param>
internal sealed record Placement(bool Listed, DateTimeOffset? WaitUntil, Order? Order, string? Unpayable = null);
