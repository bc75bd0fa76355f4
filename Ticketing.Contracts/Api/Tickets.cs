namespace Ticketing.Contracts.Api;

/// <summary>A listing, as the API shows it.</summary>
/// <param name="Id">The listing's id.</param>
/// <param name="Title">1–200 characters.</param>
/// <param name="Price">For one ticket, in units of <paramref name="Currency"/>, at most 2 decimals.</param>
/// <param name="Currency">ISO 4217 code in lower case.</param>
/// <param name="Quantity">How many tickets are offered in all.</param>
/// <param name="Available">How many are neither held nor sold.</param>
/// <param name="UserId">The seller.</param>
/// <param name="Version">0 when new, one more with each change by the seller or by a correction.</param>
/// <param name="OrderId">The order that holds it; only for a listing of one ticket while it is reserved.</param>
/// <param name="Venue">Where, if the seller said so.</param>
/// <param name="StartsAt">When, if the seller said so.</param>
/// <param name="Description">Free text of the seller's.</param>
/// <param name="CreatedAt">When it was listed.</param>
/// <param name="BuyersPerMinute">How many buyers its waiting room lets through, 1–60,000; only where it has one.</param>
/// <param name="MaxPerBuyer">How many tickets one buyer may hold and have bought, together, 1–1,000.</param>
/// <param name="Withdrawn">True for a listing that was withdrawn, which only the buyer of an order of it still reads.</param>
public sealed record TicketResponse(
    Guid Id,
    string Title,
    decimal Price,
    string Currency,
    int Quantity,
    int Available,
    Guid UserId,
    int Version,
    Guid? OrderId,
    string? Venue,
    DateTimeOffset? StartsAt,
    string? Description,
    DateTimeOffset CreatedAt,
    int? BuyersPerMinute = null,
    int MaxPerBuyer = ListingState.DefaultMaxPerBuyer,
    bool? Withdrawn = null);

/// <summary>A listing with a waiting room, as Tickets tells the site; no part of the public API.</summary>
/// <param name="TicketId">The listing.</param>
/// <param name="BuyersPerMinute">How many buyers are let through, 1–60,000.</param>
/// <param name="Version">The listing's: events may be newer.</param>
public sealed record WaitingRoomResponse(Guid TicketId, int BuyersPerMinute, int Version);
