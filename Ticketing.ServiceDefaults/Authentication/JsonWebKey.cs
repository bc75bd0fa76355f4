using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Ticketing.ServiceDefaults;

/// <summary>A public key as it is published (RFC 7517 and, for elliptic curves, RFC 7518, section 6.2).</summary>
/// <param name="Kty">The family: <c>EC</c>.</param>
/// <param name="Crv">The curve: <c>P-256</c>.</param>
/// <param name="X">The point's x: 32 bytes in base64url.</param>
/// <param name="Y">The point's y: 32 bytes in base64url.</param>
/// <param name="Kid">The key's name; tokens say by it which key signed them.</param>
/// <param name="Use">What it is for: <c>sig</c>.</param>
/// <param name="Alg">The algorithm: <c>ES256</c>.</param>
public sealed record JsonWebKey(
    string? Kty, string? Crv, string? X, string? Y, string? Kid, string? Use = "sig", string? Alg = SessionToken.Algorithm)
{
    private const int CoordinateBytes = 32;

    /// <summary>The published form of a public key.</summary>
    /// <param name="kid">The key's name.</param>
    /// <param name="key">A point on P-256; a private part is left out.</param>
    public static JsonWebKey From(string kid, ECParameters key) =>
        new("EC", "P-256", StrictBase64Url.Encode(key.Q.X), StrictBase64Url.Encode(key.Q.Y), kid);

    /// <summary>Makes the key usable. False for a key of another kind, or one that is no point on the curve.</summary>
    internal bool TryImport([NotNullWhen(true)] out VerificationKey? key)
    {
        key = null;
        if (Kty != "EC" || Crv != "P-256" || string.IsNullOrEmpty(Kid)
            || Use is not (null or "sig") || Alg is not (null or SessionToken.Algorithm)
            || !StrictBase64Url.TryDecode(X, out var x) || x.Length != CoordinateBytes
            || !StrictBase64Url.TryDecode(Y, out var y) || y.Length != CoordinateBytes)
        {
            return false;
        }

        try
        {
            var point = new ECPoint { X = x, Y = y };
            key = new VerificationKey(Kid, new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point });
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}

/// <summary>The body of <c>/.well-known/jwks.json</c> (RFC 7517, section 5).</summary>
/// <param name="Keys">Every key that a token still in use may be signed with, and the next one.</param>
public sealed record JsonWebKeySet(IReadOnlyList<JsonWebKey> Keys);
