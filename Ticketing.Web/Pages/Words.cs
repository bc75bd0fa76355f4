using System.Globalization;
using Ticketing.Contracts;

namespace Ticketing.Web.Pages;

/// <summary>How the site says amounts and states, the same on a page and in what is pushed to it.</summary>
internal static class Words
{
    /// <summary>An amount with its currency, e.g. <c>$19.99</c> or <c>19.99 SEK</c>.</summary>
    /// <param name="amount">In units of the currency.</param>
    /// <param name="currency">ISO 4217 code, any case.</param>
    public static string Money(decimal amount, string currency)
    {
        var digits = amount.ToString("N2", CultureInfo.InvariantCulture);
        return currency.ToUpperInvariant() switch
        {
            "USD" => "$" + digits,
            "EUR" => "€" + digits,
            "GBP" => "£" + digits,
            var code => $"{digits} {code}",
        };
    }

    /// <summary>How many tickets one can still reserve.</summary>
    public static string Left(int available) => available switch
    {
        0 => "None left right now",
        1 => "1 ticket left",
        _ => string.Create(CultureInfo.InvariantCulture, $"{available:N0} tickets left"),
    };

    /// <summary>An order's state in a word or two.</summary>
    public static string Status(string status, string? reason) => (status, reason) switch
    {
        (OrderStatus.Complete, _) => "Paid",
        (OrderStatus.Cancelled, CancelReason.Expired) => "Expired",
        (OrderStatus.Cancelled, CancelReason.PaymentFailed) => "Payment failed",
        (OrderStatus.Cancelled, _) => "Cancelled",
        (OrderStatus.AwaitingPayment, _) => "Payment under way",
        _ => "Reserved",
    };
}
