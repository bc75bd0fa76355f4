using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Ticketing.ServiceDefaults;

/// <summary>
/// Base64url without padding (RFC 7515, section 2), read strictly: exactly one text is accepted for any bytes.
/// The framework's decoder also takes padding, white space and stray bits in the last character; with those, one
/// signed token would have many spellings.
/// </summary>
public static class StrictBase64Url
{
    /// <summary>The one text for these bytes.</summary>
    /// <param name="bytes">Any number of them.</param>
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>The bytes whose one text this is. False for any other text, and for none.</summary>
    /// <param name="text">The text, not to be trusted.</param>
    /// <param name="bytes">The bytes, at least one.</param>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.IsEmpty || !Base64Url.IsValid(text)) return false;

        var decoded = Base64Url.DecodeFromChars(text);
        if (!text.SequenceEqual(Base64Url.EncodeToString(decoded))) return false;

        bytes = decoded;
        return true;
    }
}
