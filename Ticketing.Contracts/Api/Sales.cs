namespace Ticketing.Contracts.Api;

/// <summary>What a seller sold in a number of days. Days are those of UTC.</summary>
/// <param name="From">The first day.</param>
/// <param name="Through">The last day: today.</param>
/// <param name="Totals">Of all these days, one for each currency.</param>
/// <param name="Previous">The same of as many days before them.</param>
/// <param name="Days">By day and currency, oldest first; a day without a sale is left out.</param>
/// <param name="Held">How many tickets buyers hold right now, of the seller's newest 10,000 listings.</param>
/// <param name="Available">How many can be reserved right now, of the same.</param>
public sealed record SalesResponse(
    DateOnly From,
    DateOnly Through,
    IReadOnlyList<SalesTotal> Totals,
    IReadOnlyList<SalesTotal> Previous,
    IReadOnlyList<SalesOfDay> Days,
    long Held,
    long Available);

/// <summary>Sales in one currency.</summary>
/// <param name="Currency">ISO 4217 code in lower case.</param>
/// <param name="Tickets">How many tickets.</param>
/// <param name="Amount">For how much, in units of the currency, exact.</param>
public sealed record SalesTotal(string Currency, long Tickets, decimal Amount);

/// <summary>Sales of one day in one currency.</summary>
/// <param name="Day">Of UTC.</param>
/// <param name="Currency">ISO 4217 code in lower case.</param>
/// <param name="Tickets">How many tickets.</param>
/// <param name="Amount">For how much, in units of the currency, exact.</param>
public sealed record SalesOfDay(DateOnly Day, string Currency, long Tickets, decimal Amount);

/// <summary>What became of one listing's tickets.</summary>
/// <param name="Id">The listing.</param>
/// <param name="Title">Its title.</param>
/// <param name="StartsAt">When the event starts, if the seller said so.</param>
/// <param name="Price">Of one ticket, now.</param>
/// <param name="Currency">Of the price, ISO 4217 in lower case.</param>
/// <param name="Quantity">How many are offered in all.</param>
/// <param name="Sold">How many are paid.</param>
/// <param name="Held">How many buyers hold right now.</param>
/// <param name="Available">How many can be reserved.</param>
/// <param name="Withdrawn">Whether it was withdrawn; it is shown because some were sold all the same.</param>
/// <param name="Earned">What was paid for them, one amount for each currency that it was ever sold in.</param>
public sealed record SalesOfListing(
    Guid Id,
    string Title,
    DateTimeOffset? StartsAt,
    decimal Price,
    string Currency,
    int Quantity,
    int Sold,
    int Held,
    int Available,
    bool Withdrawn,
    IReadOnlyList<SalesTotal> Earned);

/// <summary>What was sold of one listing on one day in one currency: a line of the seller's books.</summary>
/// <param name="Day">Of UTC.</param>
/// <param name="TicketId">The listing.</param>
/// <param name="Title">Its title now.</param>
/// <param name="Currency">ISO 4217 code in lower case.</param>
/// <param name="Tickets">How many tickets.</param>
/// <param name="Amount">For how much, in units of the currency, exact.</param>
public sealed record SalesEntry(DateOnly Day, Guid TicketId, string Title, string Currency, long Tickets, decimal Amount);

/// <summary>A change of a listing's price.</summary>
/// <param name="ChangedAt">When.</param>
/// <param name="Version">The listing's version with the new price.</param>
/// <param name="OldPrice">What one ticket cost before.</param>
/// <param name="OldCurrency">In which currency.</param>
/// <param name="Price">What it cost from then on.</param>
/// <param name="Currency">In which currency.</param>
public sealed record PriceChange(
    DateTimeOffset ChangedAt, int Version, decimal OldPrice, string OldCurrency, decimal Price, string Currency);
