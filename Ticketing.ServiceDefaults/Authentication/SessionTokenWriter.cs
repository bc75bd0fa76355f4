using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ticketing.ServiceDefaults;

/// <summary>Writes access tokens: JWTs (RFC 7519) in the compact form of RFC 7515, signed with ES256.</summary>
public static class SessionTokenWriter
{
    /// <summary>Writes and signs a token.</summary>
    /// <param name="token">What it shall say; times are cut to whole seconds.</param>
    /// <param name="options">Issuer and audience.</param>
    /// <param name="kid">The name of the signing key.</param>
    /// <param name="key">The private key, on P-256; not used by anybody else meanwhile.</param>
    public static string Write(SessionToken token, SessionTokenOptions options, string kid, ECDsa key)
    {
        var header = new JwtHeader(SessionToken.Algorithm, kid, JwtHeader.Type);
        var claims = new JwtClaims(
            options.Issuer, options.Audience, token.UserId, token.Email, token.Id,
            token.IssuedAt.ToUnixTimeSeconds(), token.IssuedAt.ToUnixTimeSeconds(), token.ExpiresAt.ToUnixTimeSeconds());

        var signed = $"{Segment(header)}.{Segment(claims)}";
        var signature = key.SignData(
            Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{signed}.{StrictBase64Url.Encode(signature)}";
    }

    private static string Segment<T>(T value) =>
        StrictBase64Url.Encode(JsonSerializer.SerializeToUtf8Bytes(value, JwtJson.Options));
}
