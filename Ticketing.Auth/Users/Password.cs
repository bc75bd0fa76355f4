using System.Diagnostics.CodeAnalysis;

namespace Ticketing.Auth.Users;

/// <summary>What we take for a password: its length counts, in Unicode characters; nothing else is asked of it.</summary>
internal static class Password
{
    public const int MinLength = 8;
    public const int MaxLength = 128;

    public const string Rule = "The password must have 8 to 128 characters.";

    public static bool IsAcceptable([NotNullWhen(true)] string? text) =>
        text?.EnumerateRunes().Count() is >= MinLength and <= MaxLength;
}
