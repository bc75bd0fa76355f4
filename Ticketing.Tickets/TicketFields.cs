using Ticketing.ApiDefaults;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>
/// What the fields of a listing may hold. Each method notes what is wrong and gives the value as it is stored; the
/// value of a wrong field means nothing.
/// </summary>
internal static class TicketFields
{
    private const int MaxTitle = 200;
    private const int MaxVenue = 200;
    private const int MaxDescription = 4000;
    private const int MaxQuantity = 1_000_000;
    private const int MaxBuyersPerMinute = 60_000;
    private const int MostPerBuyer = 1000;
    private const decimal MaxPrice = 1_000_000;

    private const string UnbalancedText = "A change of the writing direction ends in the line in which it begins.";

    // A typing error, not an event; and well inside what a timestamp can hold.
    private static readonly DateTimeOffset LatestStart = new(3000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public const string DefaultCurrency = "usd";

    public static string Title(string? value, ValidationErrors errors)
    {
        var title = value?.Trim() ?? "";
        errors.Require(ListingText.Length(title) is >= 1 and <= MaxTitle, "title", $"A title has 1–{MaxTitle} characters.");
        errors.Require(!title.Any(ListingText.IsControl), "title", "A title has no control characters.");
        errors.Require(title.Length == 0 || ListingText.HasInk(title), "title", "A title has something to see in it.");
        errors.Require(ListingText.IsBalanced(title), "title", UnbalancedText);
        return title;
    }

    /// <summary>In minor units.</summary>
    public static long Price(decimal? value, ValidationErrors errors)
    {
        var price = value ?? 0;
        errors.Require(price is > 0 and <= MaxPrice, "price", $"A price is above 0 and at most {MaxPrice:N0}.");
        var minorUnits = Money.ToMinorUnits(price);
        errors.Require(minorUnits is not null, "price", "A price has at most 2 decimals.");
        return minorUnits ?? 0;
    }

    public static int Quantity(int? value, ValidationErrors errors)
    {
        errors.Require(value is >= 1 and <= MaxQuantity, "quantity", $"Offer between 1 and {MaxQuantity:N0} tickets.");
        return value ?? 0;
    }

    public static string Currency(string? value, ValidationErrors errors)
    {
        errors.Require(
            ChargeLimits.Currencies.Contains(value), "currency", $"A currency is one of {string.Join(", ", ChargeLimits.Currencies)}.");
        return value ?? "";
    }

    /// <summary>Null if there is nothing to say, which an empty text means too.</summary>
    public static string? Venue(string? value, ValidationErrors errors)
    {
        var venue = OrNull(value);
        errors.Require(ListingText.Length(venue) <= MaxVenue, "venue", $"A venue has at most {MaxVenue} characters.");
        errors.Require(venue?.Any(ListingText.IsControl) != true, "venue", "A venue has no control characters.");
        errors.Require(venue is null || ListingText.HasInk(venue), "venue", "A venue has something to see in it, or is left out.");
        errors.Require(venue is null || ListingText.IsBalanced(venue), "venue", UnbalancedText);
        return venue;
    }

    /// <summary>Null if there is nothing to say, which an empty text means too. It may have several lines.</summary>
    public static string? Description(string? value, ValidationErrors errors)
    {
        var description = OrNull(value);
        errors.Require(
            ListingText.Length(description) <= MaxDescription, "description", $"A description has at most {MaxDescription} characters.");
        errors.Require(
            description?.Any(character => char.IsControl(character) && character is not ('\n' or '\r' or '\t')) != true,
            "description", "A description has no control characters but line breaks and tabs.");
        errors.Require(
            description is null || ListingText.HasInk(description), "description", "A description has something to see in it, or is left out.");
        errors.Require(description is null || ListingText.IsBalanced(description), "description", UnbalancedText);
        return description;
    }

    /// <summary>Null: no waiting room.</summary>
    public static int? BuyersPerMinute(int? value, ValidationErrors errors)
    {
        errors.Require(
            value is null or (>= 1 and <= MaxBuyersPerMinute), "buyersPerMinute",
            $"Let between 1 and {MaxBuyersPerMinute:N0} buyers a minute through, or leave it out.");
        return value;
    }

    public static int MaxPerBuyer(int? value, ValidationErrors errors)
    {
        errors.Require(
            value is >= 1 and <= MostPerBuyer, "maxPerBuyer", $"Let each buyer have between 1 and {MostPerBuyer:N0} tickets.");
        return value ?? 0;
    }

    /// <summary>To the microsecond, as the database keeps it. Whether it is in the past, the use case decides.</summary>
    public static DateTimeOffset? StartsAt(DateTimeOffset? value, ValidationErrors errors)
    {
        errors.Require(value is null || value < LatestStart, "startsAt", $"An event starts before the year {LatestStart.Year}.");
        return value?.AddTicks(-(value.Value.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    /// <summary>Notes that the event is over before its tickets are sold.</summary>
    public static void AddInThePast(ValidationErrors errors) =>
        errors.Add("startsAt", "An event starts in the future.");

    private static string? OrNull(string? value) => value?.Trim() is { Length: > 0 } text ? text : null;
}
