using System.Globalization;

namespace Ticketing.Contracts;

/// <summary>
/// What a card can pay in one order: Stripe's smallest and largest charge, by currency
/// (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts). Orders refuses other amounts and the seller's form
/// warns of them, so that nobody holds tickets that cannot be paid.
/// </summary>
public static class ChargeLimits
{
    /// <summary>Eight digits, in every currency. In minor units.</summary>
    public const long Largest = 99_999_999;

    private static readonly (string Currency, long Smallest)[] ByCurrency =
        [("usd", 50), ("eur", 50), ("gbp", 30), ("cad", 50), ("aud", 50)];

    /// <summary>The currencies that a listing may have. Their minor unit is a hundredth, which <see cref="Money"/> relies on.</summary>
    public static IReadOnlyList<string> Currencies { get; } = [.. ByCurrency.Select(limit => limit.Currency)];

    /// <summary>The smallest charge, in minor units; 0 for a currency that no listing has.</summary>
    /// <param name="currency">ISO 4217 code in lower case.</param>
    public static long Smallest(string currency) => Array.Find(ByCurrency, limit => limit.Currency == currency).Smallest;

    /// <summary>Why a card cannot pay an amount, with the limit and the currency; null if it can.</summary>
    /// <param name="amount">What an order comes to, in minor units.</param>
    /// <param name="currency">ISO 4217 code in lower case.</param>
    public static string? Explain(long amount, string currency) =>
        amount < Smallest(currency) ? $"A card cannot pay {Show(amount, currency)}: the least is {Show(Smallest(currency), currency)} in one order."
        : amount > Largest ? $"A card cannot pay {Show(amount, currency)}: the most is {Show(Largest, currency)} in one order."
        : null;

    private static string Show(long amount, string currency) =>
        string.Create(CultureInfo.InvariantCulture, $"{Money.FromMinorUnits(amount):N2} {currency.ToUpperInvariant()}");
}
