using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using Ticketing.Web.Languages;

namespace Ticketing.Web.Pages.Sales;

/// <summary>
/// Lines of RFC 4180 that a spreadsheet opens as what they are, in the page's language: where the decimal sign is a comma,
/// semicolons separate and dates are written as people write them there. English has ISO 8601's dates, which spreadsheets of every
/// English-speaking country read alike.
/// </summary>
internal static partial class Csv
{
    /// <summary>What Excel needs to take a file for UTF-8.</summary>
    public const string ByteOrderMark = "\uFEFF";

    /// <summary>What some spreadsheet separates cells or quotes texts by, whatever this file does.</summary>
    private static readonly SearchValues<char> Separators = SearchValues.Create("\t\r\n,;:|\"");

    /// <summary>One line with its end: texts, whole numbers, amounts (<see cref="decimal"/>) and days.</summary>
    public static string Line(params IEnumerable<object> cells)
    {
        var culture = CultureInfo.CurrentCulture;
        var separator = culture.NumberFormat.NumberDecimalSeparator == "," ? ';' : ',';
        return string.Join(separator, cells.Select(cell => Cell(cell, culture))) + "\r\n";
    }

    private static string Cell(object cell, CultureInfo culture) => cell switch
    {
        string text => Text(text),
        decimal amount => amount.ToString("0.00", culture),
        DateOnly day => culture.Name == Cultures.German.Name ? day.ToString("d", culture) : day.ToString("o", culture),
        IFormattable number => number.ToString(null, culture),
        _ => throw new ArgumentException($"No cell is a {cell.GetType()}.", nameof(cell)),
    };

    private static string Text(string text)
    {
        // A title is free text of a stranger's.
        text = FormulaAhead().Replace(text, "'");
        return text.AsSpan().ContainsAny(Separators) ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
    }

    /// <summary>
    /// Where a spreadsheet would take what follows for a formula: at the beginning, and after whatever it may be told to separate
    /// by, since quotes count only for one that separates as this file does.
    /// </summary>
    [GeneratedRegex("""(?<=(?:^|[\t\r\n,;:|"])\s*)(?=[=+\-@＝＋－＠])|(?<=\s)(?=[=＝])""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FormulaAhead();
}
