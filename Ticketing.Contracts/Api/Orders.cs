using System.ComponentModel.DataAnnotations;

namespace Ticketing.Contracts.Api;

/// <summary>An order, as the API shows it.</summary>
/// <param name="Id">The order's id.</param>
/// <param name="UserId">The buyer.</param>
/// <param name="Status">Where the order stands.</param>
/// <param name="Reason">Why it is cancelled; otherwise absent.</param>
/// <param name="Quantity">How many tickets.</param>
/// <param name="Amount">What the buyer pays in all, in units of <paramref name="Currency"/>.</param>
/// <param name="Currency">ISO 4217 code in lower case.</param>
/// <param name="ExpiresAt">When the hold ends unless it is paid.</param>
/// <param name="CreatedAt">When it was placed.</param>
/// <param name="Version">0 when new, one more with each change.</param>
/// <param name="Ticket">What was ordered, as it was when the order was placed.</param>
public sealed record OrderResponse(
    Guid Id,
    Guid UserId,
    [property: AllowedValues(OrderStatus.Created, OrderStatus.AwaitingPayment, OrderStatus.Complete, OrderStatus.Cancelled)] string Status,
    [property: AllowedValues(CancelReason.Buyer, CancelReason.Expired, CancelReason.PaymentFailed)] string? Reason,
    int Quantity,
    decimal Amount,
    string Currency,
    DateTimeOffset ExpiresAt,
    DateTimeOffset CreatedAt,
    int Version,
    OrderedTicket Ticket);

/// <summary>The listing of an order, as it was when the order was placed.</summary>
/// <param name="Id">The listing's id.</param>
/// <param name="Title">Its title then.</param>
/// <param name="Price">Its price for one ticket then.</param>
/// <param name="Version">Its version then.</param>
public sealed record OrderedTicket(Guid Id, string Title, decimal Price, int Version);
