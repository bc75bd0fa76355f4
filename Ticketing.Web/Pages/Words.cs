using System.Globalization;
using System.Text.RegularExpressions;
using Ticketing.Contracts;
using Ticketing.Web.Languages;

namespace Ticketing.Web.Pages;

/// <summary>
/// How the site says amounts and states, the same on a page and in what is pushed to it, in the language of whoever it is
/// said to.
/// </summary>
internal static partial class Words
{
    /// <summary>An amount with its currency, e.g. <c>$19.99</c>, <c>19,99 $</c> in German, or <c>19.99 SEK</c>.</summary>
    /// <param name="amount">In units of the currency.</param>
    /// <param name="currency">ISO 4217 code, any case.</param>
    public static string Money(decimal amount, string currency)
    {
        var digits = amount.ToString("N2", CultureInfo.CurrentCulture);
        var code = currency.ToUpperInvariant();
        var symbol = code switch { "USD" => "$", "EUR" => "€", "GBP" => "£", _ => null };
        if (CultureInfo.CurrentCulture.Name == Cultures.German.Name)
            return $"{digits}\u00a0{symbol ?? code}";
        return symbol is null ? $"{digits} {code}" : symbol + digits;
    }

    /// <summary>
    /// A text of a user's for where only plain text is, such as a window's title: without the controls of writing direction, which could
    /// turn around what comes after it. Elsewhere <c>&lt;bdi&gt;</c> keeps them to themselves.
    /// </summary>
    public static string Plain(string text) => BidiControl().Replace(text, "");

    /// <summary>How many tickets one can still reserve.</summary>
    public static string Left(int available) => available switch
    {
        0 => Texts.Shared("None left right now"),
        1 => Texts.Shared("1 ticket left"),
        _ => Texts.Shared("{0:N0} tickets left", available),
    };

    /// <summary>The same on a card of a list.</summary>
    public static string Badge(int available) =>
        available == 0 ? Texts.Shared("Sold out") : Texts.Shared("{0:N0} left", available);

    /// <summary>How a page shows it: <c>none</c>, <c>few</c> (worth a hurry) or <c>enough</c>.</summary>
    public static string Stock(int available) => available switch { 0 => "none", <= 10 => "few", _ => "enough" };

    /// <summary>A place in a waiting room's line.</summary>
    public static string Position(long position) => Texts.Shared("You are number {0:N0} in line", position);

    /// <summary>How long that is likely to take; no more exact than it can be known.</summary>
    public static string Wait(TimeSpan wait) => wait.TotalSeconds switch
    {
        <= 10 => Texts.Shared("in a few seconds"),
        <= 50 => Texts.Shared("in about {0} seconds", Math.Ceiling(wait.TotalSeconds / 10) * 10),
        <= 90 => Texts.Shared("in about a minute"),
        <= 90 * 60 => Texts.Shared("in about {0} minutes", Math.Ceiling(wait.TotalMinutes)),
        _ => Texts.Shared("in about {0:N0} hours", Math.Ceiling(wait.TotalHours)),
    };

    /// <summary>What a countdown says, e.g. <c>0:59</c>.</summary>
    public static string TimeLeft(TimeSpan left)
    {
        var seconds = Math.Max(0, (long)Math.Ceiling(left.TotalSeconds));
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}:{seconds % 60:00}");
    }

    /// <summary>How long ago something was.</summary>
    public static string Ago(TimeSpan time) => time switch
    {
        { TotalSeconds: < 2 } => Texts.Shared("a moment ago"),
        { TotalSeconds: < 120 } => Texts.Shared("{0} seconds ago", (int)time.TotalSeconds),
        { TotalMinutes: < 120 } => Texts.Shared("{0} minutes ago", (int)time.TotalMinutes),
        { TotalHours: < 48 } => Texts.Shared("{0} hours ago", (int)time.TotalHours),
        _ => Texts.Shared("{0:N0} days ago", time.Days),
    };

    /// <summary>An order's state in a word or two.</summary>
    public static string Status(string status, string? reason) => (status, reason) switch
    {
        (OrderStatus.Complete, _) => Texts.Shared("Paid"),
        (OrderStatus.Cancelled, CancelReason.Expired) => Texts.Shared("Expired"),
        (OrderStatus.Cancelled, CancelReason.PaymentFailed) => Texts.Shared("Payment failed"),
        (OrderStatus.Cancelled, _) => Texts.Shared("Cancelled"),
        (OrderStatus.AwaitingPayment, _) => Texts.Shared("Payment under way"),
        _ => Texts.Shared("Reserved"),
    };

    // Unicode Standard Annex 9, 2: embeddings, overrides and isolates with their ends.
    [GeneratedRegex("[\\u202A-\\u202E\\u2066-\\u2069]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BidiControl();
}
