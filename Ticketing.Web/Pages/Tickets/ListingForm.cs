using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Web.Pages.Forms;

namespace Ticketing.Web.Pages.Tickets;

/// <summary>
/// What a seller types about a listing, kept as it was typed. Tickets judges it; here it only becomes JSON.
/// </summary>
internal sealed record ListingForm
{
    private const string LocalTime = "yyyy-MM-dd'T'HH:mm";

    public string? Title { get; init; }

    public string? Price { get; init; }

    public string? Quantity { get; init; } = "1";

    public string? Venue { get; init; }

    /// <summary>As <c>datetime-local</c> gives it, e.g. <c>2026-12-24T19:30</c>.</summary>
    public string? StartsAt { get; init; }

    /// <summary>Minutes to add to <see cref="StartsAt"/> for UTC; 0 unless a script knew the visitor's zone.</summary>
    public int StartsAtOffset { get; init; }

    public string? Description { get; init; }

    /// <summary>How many one buyer may hold and have bought, together; empty: as many as unless a seller says otherwise.</summary>
    public string? MaxPerBuyer { get; init; } = ListingState.DefaultMaxPerBuyer.ToString(CultureInfo.InvariantCulture);

    /// <summary>Empty: no waiting room.</summary>
    public string? BuyersPerMinute { get; init; }

    /// <summary>Of the listing that the form was made of (<see cref="ListingEdit"/>); null for a new one.</summary>
    public string? Origin { get; init; }

    public static ListingForm Of(TicketResponse ticket) => new()
    {
        Title = ticket.Title,
        Price = ticket.Price.ToString("0.00", CultureInfo.CurrentCulture),
        Quantity = ticket.Quantity.ToString(CultureInfo.InvariantCulture),
        Venue = ticket.Venue,
        StartsAt = ticket.StartsAt?.UtcDateTime.ToString(LocalTime, CultureInfo.InvariantCulture),
        Description = ticket.Description,
        MaxPerBuyer = ticket.MaxPerBuyer.ToString(CultureInfo.InvariantCulture),
        BuyersPerMinute = ticket.BuyersPerMinute?.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The body for Tickets; null, with the reason at the field, if something cannot even be said in JSON.</summary>
    public JsonObject? ToJson(ModelStateDictionary state)
    {
        if (!Amount.TryRead(Price, out var price))
            state.AddModelError("Form.Price", Amount.Ambiguous);

        int? quantity = null;
        if (int.TryParse(Quantity, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            quantity = number;
        else
            state.AddModelError("Form.Quantity", "A whole number, e.g. 1.");

        var startsAt = StartsAtInUtc();
        if (startsAt is null && !string.IsNullOrWhiteSpace(StartsAt))
            state.AddModelError("Form.StartsAt", "A date and time, e.g. 2026-12-24T19:30.");

        var maxPerBuyer = ListingState.DefaultMaxPerBuyer;
        if (!string.IsNullOrWhiteSpace(MaxPerBuyer) && !int.TryParse(MaxPerBuyer, NumberStyles.None, CultureInfo.InvariantCulture, out maxPerBuyer))
            state.AddModelError("Form.MaxPerBuyer", "A whole number from 1 to 1,000.");

        int? buyersPerMinute = null;
        if (int.TryParse(BuyersPerMinute, NumberStyles.None, CultureInfo.InvariantCulture, out var rate))
            buyersPerMinute = rate;
        else if (!string.IsNullOrWhiteSpace(BuyersPerMinute))
            state.AddModelError("Form.BuyersPerMinute", "A whole number from 1 to 60,000.");

        return !state.IsValid ? null : new JsonObject
        {
            ["title"] = Title,
            ["price"] = price,
            ["quantity"] = quantity,
            // An emptied optional field is null in JSON: that clears it.
            ["venue"] = Filled(Venue),
            ["startsAt"] = startsAt?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            // A browser sends the line breaks of a text area as CRLF, whatever they were.
            ["description"] = Filled(Description)?.ReplaceLineEndings("\n"),
            ["maxPerBuyer"] = maxPerBuyer,
            ["buyersPerMinute"] = buyersPerMinute,
        };
    }

    /// <summary>For showing it again: the script will turn it into the visitor's zone once more.</summary>
    public ListingForm InUtc() =>
        StartsAtInUtc() is { } utc
            ? this with { StartsAt = utc.ToString(LocalTime, CultureInfo.InvariantCulture), StartsAtOffset = 0 }
            : this;

    private DateTime? StartsAtInUtc() =>
        DateTime.TryParse(StartsAt, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
        && local.Year is > 1900 and < 9000 && Math.Abs(StartsAtOffset) <= 24 * 60
            ? local.AddMinutes(StartsAtOffset)
            : null;

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
