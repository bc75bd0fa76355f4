using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Ticketing.Auth.Normalization;

namespace Ticketing.Auth.Users;

/// <summary>
/// What we take for an e-mail address: <c>local@domain.tld</c>, at most 254 characters (RFC 5321), without white space
/// and invisible characters. Only a mail that arrives could prove more. It is kept as given but for spaces around it, and
/// compared by its <see cref="Key"/>.
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

    /// <summary>
    /// The same for every spelling of an address: without regard to case, composed (form C), and its domain as the network has it
    /// (<c>xn--…</c>, IDNA). A domain that cannot be written so is taken as it is.
    /// </summary>
    public static string Key(string address)
    {
        var at = address.LastIndexOf('@');
        var local = CanonicalComposition.Compose(address[..(at + 1)]);
        return $"{local}{AsciiDomain(address[(at + 1)..])}".ToUpperInvariant();
    }

    /// <summary>The key by which addresses were compared before: without regard to case alone.</summary>
    public static string FormerKey(string address) => address.ToUpperInvariant();

    private static string AsciiDomain(string domain)
    {
        // Without ICU this neither lowers nor composes anything, so both are done before; and what is readable already it does not
        // take for a name of the network.
        var network = new IdnMapping();
        try
        {
            var readable = domain.ToLowerInvariant().Split('.').Select(label => IsEncoded(label) ? network.GetUnicode(label) : label);
            return network.GetAscii(CanonicalComposition.Compose(string.Join('.', readable).ToLowerInvariant()));
        }
        catch (ArgumentException)
        {
            return domain;
        }
    }

    private static bool IsEncoded(string label) => label.StartsWith("xn--", StringComparison.Ordinal);

    private static bool IsInvisible(char c) => char.IsWhiteSpace(c) || CharUnicodeInfo.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned;
}
