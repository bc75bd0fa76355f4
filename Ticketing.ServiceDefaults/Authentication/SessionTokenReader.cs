using Microsoft.Extensions.Options;

namespace Ticketing.ServiceDefaults;

/// <summary>
/// Decides whether an access token is good: our signature, our issuer and audience, now. The order matters: nothing of the
/// claims is read before the signature holds, and the token has no say in how it is verified, but for the key's name.
/// </summary>
/// <param name="keys">Where verification keys come from.</param>
/// <param name="options">Issuer and audience.</param>
/// <param name="time">The clock.</param>
public sealed class SessionTokenReader(IJsonWebKeys keys, IOptions<SessionTokenOptions> options, TimeProvider time)
{
    private const int Remembered = 8_192;

    private readonly VerifiedTokens verified = new(Remembered);

    /// <summary>Reads and verifies a token.</summary>
    /// <param name="token">The compact form: header, claims and signature in base64url, with dots between.</param>
    /// <param name="cancellationToken">Ends the wait for a key.</param>
    /// <exception cref="JsonWebKeysUnavailableException">No keys could be had so far.</exception>
    public async ValueTask<SessionTokenResult> ReadAsync(string token, CancellationToken cancellationToken)
    {
        if (verified.Find(token) is { } known && await keys.FindAsync(known.Kid, cancellationToken) == known.Key)
            return Judge(known.Claims);

        var jws = CompactJws.Read(token, SessionToken.MaxLength, out var failure);
        if (jws is null) return Refused(failure!);
        if (jws.Type is not (null or JwtHeader.Type)) return Refused("another type");

        var key = await keys.FindAsync(jws.Kid, cancellationToken);
        if (key is null) return Refused("an unknown key");
        if (!jws.IsSignedBy(key)) return Refused("the signature does not fit");
        if (!jws.TryReadClaims<JwtClaims>(out var claims)) return Refused("claims are missing or malformed");

        var result = Judge(claims);
        if (result.Token is not null) verified.Add(token, new(jws.Kid, key, claims));
        return result;
    }

    private SessionTokenResult Judge(JwtClaims claims)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var leeway = (long)SessionToken.Leeway.TotalSeconds;

        if (claims.Iss != options.Value.Issuer) return Refused("another issuer");
        if (claims.Aud != options.Value.Audience) return Refused("another audience");
        if (now - leeway >= claims.Exp) return Refused("expired");
        if (now + leeway < claims.Nbf || now + leeway < claims.Iat) return Refused("not valid yet");
        if (!IsTime(claims.Iat) || !IsTime(claims.Exp)) return Refused("a time out of range");

        return new SessionTokenResult(
            new SessionToken(
                claims.Jti, claims.Sub, claims.Email,
                DateTimeOffset.FromUnixTimeSeconds(claims.Iat), DateTimeOffset.FromUnixTimeSeconds(claims.Exp)),
            null);
    }

    private static bool IsTime(long seconds) =>
        seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private static SessionTokenResult Refused(string why) => new(null, why);
}
