using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Ticketing.Auth.Sessions;

/// <summary>
/// 256 bits that only its holder knows; the database keeps their hash. What it is exchanged for is derived from it, so
/// that the same token always gets the same successor, also from another replica, and no token is stored for that.
/// Deriving needs the servers' secret too: who once stole a token cannot compute those that came after it.
/// </summary>
internal sealed class RefreshToken
{
    private const int Bytes = 32;

    private readonly byte[] value;

    private RefreshToken(byte[] value)
    {
        this.value = value;
    }

    /// <summary>What the database knows it by.</summary>
    public byte[] Hash => SHA256.HashData(value);

    /// <summary>What its holder presents.</summary>
    public string Text => Base64Url.EncodeToString(value);

    public static RefreshToken CreateRandom() => new(RandomNumberGenerator.GetBytes(Bytes));

    public static bool TryParse(string? text, [NotNullWhen(true)] out RefreshToken? token)
    {
        token = Base64Url.IsValid(text, out var length) && length == Bytes ? new RefreshToken(Base64Url.DecodeFromChars(text)) : null;
        // The decoder also takes padding, white space and stray bits; a token has one spelling.
        if (token?.Text != text)
            token = null;
        return token is not null;
    }

    /// <summary>The token that this one is exchanged for.</summary>
    /// <param name="secret">The servers' secret.</param>
    public RefreshToken Successor(byte[] secret) => new(HMACSHA256.HashData(secret, value));
}
