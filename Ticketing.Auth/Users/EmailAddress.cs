using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Ticketing.Auth.Users;

/// <summary>
/// What we take for an e-mail address: <c>local@domain.tld</c>, at most 254 characters (RFC 5321), without white space
/// and invisible characters. Only a mail that arrives could prove more. It is kept as given but for spaces around it;
/// Identity compares it without regard to case.
/// </summary>
internal static class EmailAddress
{
    public const int MaxLength = 254;

    public static bool TryParse(string? text, [NotNullWhen(true)] out string? address)
    {
        address = text?.Trim();
        if (address is null or { Length: > MaxLength } || address.Any(IsInvisible)) return false;

        return address.Split('@') is [{ Length: > 0 }, var domain]
            && domain.Split('.') is { Length: > 1 } labels
            && labels.All(label => label.Length > 0);
    }

    private static bool IsInvisible(char c) => char.IsWhiteSpace(c) || CharUnicodeInfo.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned;
}
