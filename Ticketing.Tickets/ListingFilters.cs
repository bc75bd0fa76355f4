using System.Globalization;
using Ticketing.ApiDefaults;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>Bounds of a list by date and by price, as its query says them.</summary>
internal static class ListingFilters
{
    private const decimal MostPrice = 1_000_000;

    /// <summary>A moment (ISO 8601), or a day, which is its beginning in UTC; null for none.</summary>
    public static DateTimeOffset? ParseTime(string? text, string field, ValidationErrors errors)
    {
        if (text is null)
            return null;
        // A time without a zone is nobody's: only days go without one.
        var hasZone = text.EndsWith('Z') || (text.Length > 16 && text[^6] is '+' or '-');
        if ((text.Length == 10 || hasZone) && DateTimeOffset.TryParseExact(
                text, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"],
                CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            return time;
        errors.Add(field, "Say a time as 2026-12-24T19:30:00Z, or a day as 2026-12-24.");
        return null;
    }

    /// <summary>In minor units; null for none.</summary>
    public static long? ParsePrice(string? text, string field, ValidationErrors errors)
    {
        if (text is null)
            return null;
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price)
            && price <= MostPrice && Money.ToMinorUnits(price) is { } minorUnits)
            return minorUnits;
        errors.Add(field, "A price to search by is between 0 and 1,000,000, with at most 2 decimals.");
        return null;
    }
}
