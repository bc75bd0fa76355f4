using System.Security.Cryptography;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Ticketing.ApiDefaults;

/// <summary>A private P-256 key in use (ES256), and its public half for those who verify.</summary>
public sealed class SigningKey
{
    /// <summary>Takes a key in use.</summary>
    /// <param name="kid">The key's name, which what it signs will carry.</param>
    /// <param name="privateKey">As <see cref="Generate"/> made it.</param>
    /// <exception cref="CryptographicException">It is no private key.</exception>
    public SigningKey(string kid, byte[] privateKey)
    {
        var pair = ECDsa.Create();
        pair.ImportPkcs8PrivateKey(privateKey, out _);
        var publicHalf = ECDsa.Create(pair.ExportParameters(includePrivateParameters: false));
        Credentials = new SigningCredentials(new ECDsaSecurityKey(pair) { KeyId = kid }, SecurityAlgorithms.EcdsaSha256);
        Verifier = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(publicHalf) { KeyId = kid });
    }

    /// <summary>Signs.</summary>
    public SigningCredentials Credentials { get; }

    /// <summary>Verifies what it signed.</summary>
    public JsonWebKey Verifier { get; }

    /// <summary>A new private key, as it is stored: PKCS #8.</summary>
    public static byte[] Generate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKey();
    }

    /// <summary>Keys at hand, in the form in which others fetch them from Auth.</summary>
    public static OpenIdConnectConfiguration ToConfiguration(params IEnumerable<SigningKey> keys)
    {
        var configuration = new OpenIdConnectConfiguration { JsonWebKeySet = new JsonWebKeySet() };
        foreach (var key in keys)
        {
            configuration.JsonWebKeySet.Keys.Add(key.Verifier);
            configuration.SigningKeys.Add(key.Verifier);
        }
        return configuration;
    }
}

/// <summary>
/// A public key as it is published (RFC 7517). The library's type is not for writing: its empty <c>key_ops</c> makes
/// WebCrypto refuse the key.
/// </summary>
public sealed record PublishedKey(string Kty, string Crv, string X, string Y, string Kid, string Use, string Alg);

/// <summary>The body of <c>/.well-known/jwks.json</c> (RFC 7517, section 5).</summary>
/// <param name="Keys">Every key that a token still in use may be signed with, and the next one.</param>
public sealed record PublishedKeys(IReadOnlyList<PublishedKey> Keys)
{
    /// <summary>The public halves of these keys.</summary>
    public static PublishedKeys Of(IEnumerable<SigningKey> keys) => new([.. keys.Select(key => key.Verifier)
        .Select(key => new PublishedKey(key.Kty, key.Crv, key.X, key.Y, key.Kid, "sig", SecurityAlgorithms.EcdsaSha256))]);
}
