using System.Globalization;
using Ticketing.Contracts.Api;
using Ticketing.Web.Languages;

namespace Ticketing.Web.Pages.Forms;

/// <summary>What one ticket cost on the page on which somebody decided to reserve. A form carries it as <c>35.00 usd</c>.</summary>
/// <param name="Amount">In units of the currency.</param>
/// <param name="Currency">ISO 4217, in lower case.</param>
internal sealed record SeenPrice(decimal Amount, string Currency)
{
    public static SeenPrice Of(TicketResponse listing) => new(listing.Price, listing.Currency);

    /// <summary>Null if it is no price: a form that does not carry one agrees to none in particular.</summary>
    public static SeenPrice? Parse(string? text) =>
        text?.Split(' ') is [var amount, var currency]
        && decimal.TryParse(amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? new(value, currency)
            : null;

    /// <summary>What to say to somebody who saw this price, in their language; null if the listing still has it.</summary>
    public string? ChangeTo(TicketResponse listing) => Of(listing) == this ? null : Texts.Shared(
        "One ticket costs {0} now; it was {1} when you looked. Nothing is reserved: reserve if you agree.",
        Words.Money(listing.Price, listing.Currency), Words.Money(Amount, Currency));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Amount:0.00} {Currency}");
}
