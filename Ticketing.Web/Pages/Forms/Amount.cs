using System.Globalization;
using System.Text.RegularExpressions;

namespace Ticketing.Web.Pages.Forms;

/// <summary>
/// An amount of money as people type it: <c>19.99</c>, <c>19,99</c>, <c>1,000</c> in English and <c>1.000</c> in German. What could
/// be a thousand in one language and one in the other is not guessed at. <c>forms.js</c> reads it in the same way.
/// </summary>
internal static partial class Amount
{
    /// <summary>What is wrong with an amount that could mean two things.</summary>
    public const string Ambiguous = "Write the amount with two decimals or without separators, so that it means one thing only.";

    /// <summary>
    /// The amount as services read it: digits, and a point before decimals. What is no amount at all stays as it is, to be refused
    /// there. False if it could mean two things.
    /// </summary>
    public static bool TryRead(string? text, out string? amount)
    {
        amount = text?.Trim();
        if (string.IsNullOrEmpty(amount) || !Digits().IsMatch(amount))
            return true;
        var typed = Space().Replace(amount, "");
        if (Simple().IsMatch(typed))
        {
            amount = Normal(typed.Replace(',', '.'));
            return true;
        }
        if (Grouped().Match(typed) is { Success: true } match && IsClear(match))
        {
            amount = Normal($"{match.Groups["whole"].Value.Replace(match.Groups["group"].Value, "")}.{match.Groups["cents"].Value}");
            return true;
        }
        return false;
    }

    /// <summary>Whether the separator of thousands can be no decimal one.</summary>
    private static bool IsClear(Match match) =>
        match.Groups["cents"].Success || match.Groups["more"].Success
        || match.Groups["group"].Value == CultureInfo.CurrentCulture.NumberFormat.NumberGroupSeparator;

    private static string Normal(string amount) => decimal.TryParse(amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
        ? value.ToString("0.##", CultureInfo.InvariantCulture)
        : amount;

    [GeneratedRegex(@"^[0-9.,'’\s]*[0-9][0-9.,'’\s]*$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Digits();

    /// <summary>Separators of thousands that are never decimal ones.</summary>
    [GeneratedRegex(@"(?<=[0-9])[\s'’](?=[0-9]{3}(?![0-9]))", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Space();

    [GeneratedRegex(@"^(?:[0-9]+|[0-9]*[.,][0-9]{1,2})$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Simple();

    [GeneratedRegex(@"^(?<whole>[1-9][0-9]{0,2}(?<group>[.,])[0-9]{3}(?<more>(?:\k<group>[0-9]{3})+)?)(?:(?!\k<group>)[.,](?<cents>[0-9]{1,2}))?$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Grouped();
}
