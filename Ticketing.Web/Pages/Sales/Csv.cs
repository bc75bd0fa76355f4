namespace Ticketing.Web.Pages.Sales;

/// <summary>Lines of RFC 4180 that a spreadsheet opens as what they are.</summary>
internal static class Csv
{
    /// <summary>What Excel needs to take a file for UTF-8.</summary>
    public const string ByteOrderMark = "\uFEFF";

    /// <summary>One line with its end.</summary>
    public static string Line(params IEnumerable<string> fields) => string.Join(',', fields.Select(Field)) + "\r\n";

    private static string Field(string text)
    {
        // A spreadsheet takes these for the beginning of a formula, and a title is free text of a stranger's.
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n')
            text = "'" + text;
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
    }
}
