using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Ticketing.Auth.Normalization;

namespace Ticketing.Auth.Users;

/// <summary>
/// What we take for a password: its length counts, in Unicode characters, and it has no control characters; nothing else is
/// asked of it. It is compared as RFC 8265 has it (section 4.2, <c>OpaqueString</c>), so that the same keys make the same
/// password on any keyboard.
/// </summary>
internal static class Password
{
    public const int MinLength = 8;
    public const int MaxLength = 128;

    public const string Rule = "The password must have 8 to 128 characters.";

    public const string NoControls = "The password must have no control characters.";

    public static bool IsAcceptable([NotNullWhen(true)] string? text) =>
        text is not null && Normalize(text).EnumerateRunes().Count() is >= MinLength and <= MaxLength;

    /// <summary>Whether a new password has a character that no keyboard makes on purpose; old ones may have.</summary>
    public static bool HasControls(string? text) => text?.Any(char.IsControl) is true;

    /// <summary>Every space is the ASCII one, and what is composed of several characters is one (form C). Case and width count.</summary>
    public static string Normalize(string text) => CanonicalComposition.Compose(
        string.Concat(text.Select(c => char.GetUnicodeCategory(c) is UnicodeCategory.SpaceSeparator ? ' ' : c)));
}
