using System.Globalization;

namespace Ticketing.Web.Pages.Browse;

/// <summary>
/// How far the visitor's zone is behind UTC, as their browser tells it: for a day that is asked for in the query, for the
/// present one in a cookie that a script of the last page left.
/// </summary>
internal static class VisitorZone
{
    private const string Cookie = "utc-offset";

    /// <summary>The visitor's today; that of UTC on their first page and without scripts.</summary>
    public static DateOnly Today(HttpRequest visit, TimeProvider time) =>
        DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime.AddMinutes(-Minutes(visit.Cookies[Cookie])));

    /// <summary>Minutes to add to the visitor's time for UTC; none for what no zone has.</summary>
    public static int Minutes(string? offset) =>
        int.TryParse(offset, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var minutes)
            && minutes is >= -24 * 60 and <= 24 * 60 ? minutes : 0;
}
