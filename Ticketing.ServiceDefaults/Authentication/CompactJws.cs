using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ticketing.ServiceDefaults;

/// <summary>
/// A signed JSON text in the compact form of RFC 7515: header, claims and signature in base64url, with dots between.
/// Always ES256. The order of use matters: <see cref="Read"/> it, find the key that it names, see that it
/// <see cref="IsSignedBy"/> that key, and only then read its claims. The text has no say in how it is verified, but for
/// the key's name.
/// </summary>
public sealed class CompactJws
{
    private const int MaxHeaderLength = 512;
    private const int MaxKidLength = 128;

    private readonly byte[] signed;
    private readonly byte[] claims;
    private readonly byte[] signature;

    private CompactJws(string kid, string? type, byte[] signed, byte[] claims, byte[] signature) =>
        (Kid, Type, this.signed, this.claims, this.signature) = (kid, type, signed, claims, signature);

    /// <summary>The name of the key that is said to have signed it; 1–128 characters, not to be trusted.</summary>
    public string Kid { get; }

    /// <summary>What kind of thing it says it is (<c>typ</c>), if it says so.</summary>
    public string? Type { get; }

    /// <summary>Writes and signs.</summary>
    /// <param name="type">What kind of thing it is (<c>typ</c>), so that none is taken for another.</param>
    /// <param name="kid">The name of the signing key.</param>
    /// <param name="claims">What is signed: an object, whose names become camelCase.</param>
    /// <param name="key">The private key, on P-256; not used by anybody else meanwhile.</param>
    public static string Write<TClaims>(string type, string kid, TClaims claims, ECDsa key)
    {
        var signed = $"{Segment(new JwtHeader(SessionToken.Algorithm, kid, type))}.{Segment(claims)}";
        var signature = key.SignData(
            Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{signed}.{StrictBase64Url.Encode(signature)}";
    }

    /// <summary>Takes a text apart and reads its header. Nothing is verified yet.</summary>
    /// <param name="text">The text, not to be trusted.</param>
    /// <param name="maxLength">Longer ones are refused unread.</param>
    /// <param name="failure">Why the answer is null.</param>
    public static CompactJws? Read(string text, int maxLength, out string? failure)
    {
        if (!TrySplit(text, maxLength, out var header, out var claims, out var signature, out var signed))
            return Refused("malformed", out failure);
        if (!TryParse<JwtHeader>(header, out var read)) return Refused("the header is no JSON object", out failure);
        if (read.Alg != SessionToken.Algorithm) return Refused("another algorithm", out failure);
        if (read.Crit is not null) return Refused("an unknown critical header", out failure);
        if (read.Kid is not { Length: > 0 and <= MaxKidLength }) return Refused("no key named", out failure);

        failure = null;
        return new CompactJws(read.Kid, read.Typ, signed, claims, signature);
    }

    /// <summary>True if this key signed it.</summary>
    /// <param name="key">The key of the name <see cref="Kid"/>, from where one trusts it.</param>
    public bool IsSignedBy(VerificationKey key) => key.Verify(signed, signature);

    /// <summary>What was signed. False unless all of it is there, once, and of the right types.</summary>
    /// <param name="value">The claims.</param>
    public bool TryReadClaims<TClaims>([NotNullWhen(true)] out TClaims? value)
        where TClaims : class => TryParse(claims, out value);

    private static CompactJws? Refused(string why, out string? failure)
    {
        failure = why;
        return null;
    }

    private static bool TrySplit(
        string text, int maxLength,
        [NotNullWhen(true)] out byte[]? header, [NotNullWhen(true)] out byte[]? claims,
        [NotNullWhen(true)] out byte[]? signature, [NotNullWhen(true)] out byte[]? signed)
    {
        (header, claims, signature, signed) = (null, null, null, null);
        if (text.Length > maxLength) return false;

        var first = text.IndexOf('.');
        var last = text.LastIndexOf('.');
        if (first < 0 || first == last || first > MaxHeaderLength) return false;

        if (!StrictBase64Url.TryDecode(text.AsSpan(0, first), out header)
            || !StrictBase64Url.TryDecode(text.AsSpan(first + 1, last - first - 1), out claims)
            || !StrictBase64Url.TryDecode(text.AsSpan(last + 1), out signature))
        {
            return false;
        }

        signed = Encoding.ASCII.GetBytes(text, 0, last);
        return true;
    }

    private static bool TryParse<T>(byte[] json, [NotNullWhen(true)] out T? value) where T : class
    {
        value = null;
        try
        {
            value = JsonSerializer.Deserialize<T>(json, JwtJson.Options);
        }
        catch (JsonException)
        {
            // A forger's text, not an error of ours: the caller refuses it.
        }

        return value is not null;
    }

    private static string Segment<T>(T value) =>
        StrictBase64Url.Encode(JsonSerializer.SerializeToUtf8Bytes(value, JwtJson.Options));
}
