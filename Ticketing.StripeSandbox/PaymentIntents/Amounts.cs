using System.Globalization;

namespace Ticketing.StripeSandbox.PaymentIntents;

/// <summary>What Stripe takes: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts.</summary>
internal static class Amounts
{
    /// <summary>Eight digits of minor units.</summary>
    private const long Maximum = 99_999_999;

    /// <summary>The smallest charge in each currency, in its minor unit.</summary>
    private static readonly Dictionary<string, long> Minimums = new(StringComparer.Ordinal)
    {
        ["usd"] = 50, ["aed"] = 200, ["aud"] = 50, ["bgn"] = 100, ["brl"] = 50, ["cad"] = 50, ["chf"] = 50,
        ["czk"] = 1500, ["dkk"] = 250, ["eur"] = 50, ["gbp"] = 30, ["hkd"] = 400, ["huf"] = 17500, ["inr"] = 50,
        ["jpy"] = 50, ["mxn"] = 1000, ["myr"] = 200, ["nok"] = 300, ["nzd"] = 50, ["pln"] = 200, ["ron"] = 200,
        ["sek"] = 300, ["sgd"] = 50, ["thb"] = 1000,
    };

    /// <summary>The currency of a call, in lower case.</summary>
    public static string Currency(string text, string parameter)
    {
        var currency = text.ToLowerInvariant();
        return Minimums.ContainsKey(currency) ? currency : throw StripeFailure.BadParameter(
            $"Invalid currency: {currency}. Stripe currently supports these currencies: {string.Join(", ", Minimums.Keys)}", parameter);
    }

    public static long Check(long amount, string currency, string parameter) => amount switch
    {
        < 1 => throw StripeFailure.BadParameter("This value must be greater than or equal to 1.", parameter, "parameter_invalid_integer"),
        > Maximum => throw StripeFailure.BadParameter($"Amount must be no more than {Show(Maximum, currency)}", parameter, "amount_too_large"),
        _ when amount < Minimums[currency] =>
            throw StripeFailure.BadParameter($"Amount must be at least {Show(Minimums[currency], currency)}", parameter, "amount_too_small"),
        _ => amount,
    };

    /// <summary>For people, e.g. <c>$19.99 usd</c>.</summary>
    public static string Show(long amount, string currency)
    {
        var number = currency is "jpy" ? amount.ToString("N0", CultureInfo.InvariantCulture) : (amount / 100m).ToString("N2", CultureInfo.InvariantCulture);
        return currency switch
        {
            "usd" => $"${number} usd",
            "eur" => $"€{number} eur",
            "gbp" => $"£{number} gbp",
            _ => $"{number} {currency}",
        };
    }
}
