namespace Ticketing.Contracts;

/// <summary>The whole state of a listing, as its owner (Tickets) publishes it with every change.</summary>
/// <param name="Id">The listing's id; the API calls it a ticket.</param>
/// <param name="SellerId">The user who listed it.</param>
/// <param name="Title">1–200 characters.</param>
/// <param name="Price">Price of one ticket in minor units of <paramref name="Currency"/>, above 0.</param>
/// <param name="Currency">ISO 4217 code in lower case.</param>
/// <param name="Quantity">How many tickets the seller offers in all: available, held and sold.</param>
/// <param name="Venue">Where it takes place, if the seller said so.</param>
/// <param name="StartsAt">When the event starts, if the seller said so.</param>
/// <param name="Description">Free text of the seller's.</param>
/// <param name="CreatedAt">When it was listed.</param>
/// <param name="Version">0 for a new listing, one more with each change by the seller or by a correction.</param>
/// <param name="BuyersPerMinute">How many buyers the waiting room lets through, 1–60,000; null: it has none.</param>
/// <param name="MaxPerBuyer">How many tickets one buyer may hold and have bought, together, 1–1,000; absent from older versions.</param>
public sealed record ListingState(
    Guid Id,
    Guid SellerId,
    string Title,
    long Price,
    string Currency,
    int Quantity,
    string? Venue,
    DateTimeOffset? StartsAt,
    string? Description,
    DateTimeOffset CreatedAt,
    int Version,
    int? BuyersPerMinute = null,
    int? MaxPerBuyer = null)
{
    /// <summary>How many tickets one buyer may hold and have bought, together, unless the seller said otherwise.</summary>
    public const int DefaultMaxPerBuyer = 10;
}

/// <summary>A seller listed tickets.</summary>
/// <param name="Listing">The new listing, version 0.</param>
public sealed record TicketCreated(ListingState Listing);

/// <summary>A listing changed.</summary>
/// <param name="Listing">The listing after the change.</param>
public sealed record TicketUpdated(ListingState Listing);

/// <summary>A listing was withdrawn. It takes no new orders; accepted ones may still complete.</summary>
/// <param name="Listing">The listing as it last was, with the version of its withdrawal.</param>
public sealed record TicketDeleted(ListingState Listing);

/// <summary>
/// What pages show of a listing that changed. Only for pages that are open, and lost events are not told again: of many changes in
/// a short time there is one event, and a page that missed it asks Tickets.
/// </summary>
/// <param name="TicketId">The listing.</param>
/// <param name="Available">How many are neither held nor sold.</param>
/// <param name="Price">Price of one ticket in minor units of <paramref name="Currency"/>.</param>
/// <param name="Currency">ISO 4217 code in lower case.</param>
/// <param name="Withdrawn">Whether it is no longer for sale.</param>
/// <param name="Version">When Tickets' database said so: the higher, the later. It is no version of the listing and may be told twice.</param>
public sealed record AvailabilityChanged(Guid TicketId, int Available, long Price, string Currency, bool Withdrawn, long Version);

/// <summary>
/// Orders found that a seller's change left fewer tickets than are held and sold, and kept the larger number:
/// the sale wins. Tickets raises its quantity to match.
/// </summary>
/// <param name="TicketId">The listing.</param>
/// <param name="Quantity">The least quantity that covers what is held and sold.</param>
/// <param name="Version">The listing's version that is corrected; a newer listing ignores the correction.</param>
public sealed record ListingCorrected(Guid TicketId, int Quantity, int Version);
