using System.Buffers;

namespace Ticketing.Web.Pages.CheckIn;

/// <summary>
/// A scanner that is a keyboard types what the QR code says, and the computer's own layout or caps lock can change it on the
/// way. It is told from other nonsense by its beginning: a signed code begins with <c>eyJ</c>, the base64url of <c>{"</c>.
/// </summary>
internal static class ScannerKeyboard
{
    private const string Beginning = "eyJ";

    /// <summary>The same three keys where Y and Z are swapped.</summary>
    private const string Swapped = "ezJ";

    private static readonly SearchValues<char> OfCodes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>Whether a text that is no code looks as if it had been one before a keyboard changed it.</summary>
    /// <param name="text">What was typed.</param>
    public static bool Changed(string? text)
    {
        var typed = text.AsSpan().Trim();
        // No code has it, and on a German keyboard it is where others have the hyphen.
        if (typed.Contains('ß'))
            return true;
        return typed.StartsWith(Beginning, StringComparison.Ordinal)
            ? typed.ContainsAnyExcept(OfCodes)
            : typed.StartsWith(Beginning, StringComparison.OrdinalIgnoreCase) || typed.StartsWith(Swapped, StringComparison.OrdinalIgnoreCase);
    }
}
