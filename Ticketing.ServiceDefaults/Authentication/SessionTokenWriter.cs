using System.Security.Cryptography;

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
        var claims = new JwtClaims(
            options.Issuer, options.Audience, token.UserId, token.Email, token.Id,
            token.IssuedAt.ToUnixTimeSeconds(), token.IssuedAt.ToUnixTimeSeconds(), token.ExpiresAt.ToUnixTimeSeconds());
        return CompactJws.Write(JwtHeader.Type, kid, claims, key);
    }
}
