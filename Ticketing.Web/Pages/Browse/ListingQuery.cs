using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;
using Ticketing.Web.Pages.Forms;

namespace Ticketing.Web.Pages.Browse;

/// <summary>What a visitor looks for, as the address says it. Tickets judges it; here it is only put into Tickets' words.</summary>
internal sealed record ListingQuery
{
    private const string Day = "yyyy-MM-dd";

    [FromQuery(Name = "q")]
    public string? Q { get; init; }

    /// <summary>The first day, as a date field gives it.</summary>
    [FromQuery(Name = "from")]
    public string? From { get; init; }

    /// <summary>The last day.</summary>
    [FromQuery(Name = "to")]
    public string? To { get; init; }

    [FromQuery(Name = "minPrice")]
    public string? MinPrice { get; init; }

    [FromQuery(Name = "maxPrice")]
    public string? MaxPrice { get; init; }

    [FromQuery(Name = "sort")]
    public string? Sort { get; init; }

    /// <summary>
    /// Minutes to add to the visitor's midnights for UTC, at the beginning of the first day and, after a comma, at the end of the
    /// last if it is another: clocks change. None unless a script knew their zone.
    /// </summary>
    [FromQuery(Name = "offset")]
    public string? Offset { get; init; }

    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>How many of the filters behind the button are set.</summary>
    public int Filters => new[] { From, To, MinPrice, MaxPrice }.Count(text => !string.IsNullOrWhiteSpace(text));

    /// <summary>Whether this is more than a look at everything.</summary>
    public bool IsNarrow => Filters > 0 || !string.IsNullOrWhiteSpace(Q);

    /// <summary>The address of the page that shows it.</summary>
    public string Url()
    {
        var query = new QueryBuilder(Parts(this).Where(part => !string.IsNullOrWhiteSpace(part.Value))!);
        return $"/{query}";
    }

    /// <summary>The query for Tickets, without what is not said.</summary>
    public IEnumerable<KeyValuePair<string, string?>> ForTickets() =>
        Parts(this with
        {
            From = ToUtc(From, 0, Offset?.Split(',')[0]), To = ToUtc(To, 1, Offset?.Split(',')[^1]),
            MinPrice = Price(MinPrice), MaxPrice = Price(MaxPrice), Offset = null,
        })
            .Where(part => !string.IsNullOrWhiteSpace(part.Value));

    private static IEnumerable<KeyValuePair<string, string?>> Parts(ListingQuery query) =>
    [
        new("q", query.Q), new("from", query.From), new("to", query.To), new("minPrice", query.MinPrice),
        new("maxPrice", query.MaxPrice), new("sort", query.Sort), new("offset", query.Offset), new("cursor", query.Cursor),
    ];

    /// <summary>Whether a price could mean two things, which Tickets would not see.</summary>
    public bool HasAmbiguousPrice => !Amount.TryRead(MinPrice, out _) || !Amount.TryRead(MaxPrice, out _);

    /// <summary>The beginning of a day of the visitor's; what is no day goes on as it is, to be refused.</summary>
    private static string? ToUtc(string? day, int daysLater, string? offset)
    {
        if (!DateTime.TryParseExact(day, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) || date.Year is < 1900 or > 9000)
            return day;
        return date.AddDays(daysLater).AddMinutes(VisitorZone.Minutes(offset)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }

    private static string? Price(string? text) => Amount.TryRead(text, out var amount) ? amount : text;
}
