using System.Globalization;
using System.Text;

namespace Ticketing.Tickets;

/// <summary>What makes a text one that people can read, by the properties of its characters (Unicode 16).</summary>
internal static class ListingText
{
    /// <summary>
    /// Characters that leave no ink although their category says otherwise: fillers, blanks, and what is reserved to be
    /// ignored where it is not known (Default_Ignorable_Code_Point).
    /// </summary>
    private static readonly (int First, int Last)[] Blank =
    [
        (0x115F, 0x1160), (0x2065, 0x2065), (0x2800, 0x2800), (0x3164, 0x3164), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8),
        (0x13441, 0x13442), (0x1D159, 0x1D159), (0xE0000, 0xE0FFF),
    ];

    /// <summary>In characters as PostgreSQL counts them: an emoji is one, not two.</summary>
    public static int Length(string? text) => text?.EnumerateRunes().Count() ?? 0;

    /// <summary>Whether there is anything to see. Marks alone (accents, variation selectors) have nothing to stand on.</summary>
    public static bool HasInk(string text) => text.EnumerateRunes().Any(rune =>
        Rune.GetUnicodeCategory(rune) is not (
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark)
        && !Blank.Any(range => range.First <= rune.Value && rune.Value <= range.Last));

    /// <summary>Whether a character breaks a line or commands a device.</summary>
    public static bool IsControl(char character) => char.IsControl(character) || character is '\u2028' or '\u2029';

    /// <summary>
    /// Whether each direction that is begun within a line (UAX #9: embeddings, overrides, isolates) ends in it, so that the
    /// text cannot turn around what stands after it.
    /// </summary>
    public static bool IsBalanced(string text) => text.Split('\n', '\r', '\u2028', '\u2029').All(IsBalancedLine);

    private static bool IsBalancedLine(string line)
    {
        var begun = new Stack<char>();
        foreach (var character in line)
        {
            switch (character)
            {
                case '\u202A' or '\u202B' or '\u202D' or '\u202E':
                    begun.Push('\u202C');
                    break;
                case >= '\u2066' and <= '\u2068':
                    begun.Push('\u2069');
                    break;
                case '\u202C' or '\u2069' when !begun.TryPop(out var end) || end != character:
                    return false;
            }
        }
        return begun.Count == 0;
    }
}
