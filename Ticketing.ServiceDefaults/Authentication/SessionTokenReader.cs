using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
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
    private const int MaxHeaderLength = 512;
    private const int MaxKidLength = 128;

    /// <summary>Reads and verifies a token.</summary>
    /// <param name="token">The compact form: header, claims and signature in base64url, with dots between.</param>
    /// <param name="cancellationToken">Ends the wait for a key.</param>
    /// <exception cref="JsonWebKeysUnavailableException">No keys could be had so far.</exception>
    public async ValueTask<SessionTokenResult> ReadAsync(string token, CancellationToken cancellationToken)
    {
        if (!TrySplit(token, out var parts)) return Refused("malformed");
        if (!TryParse<JwtHeader>(parts.Header, out var header)) return Refused("the header is no JSON object");
        if (header.Alg != SessionToken.Algorithm) return Refused("another algorithm");
        if (header.Typ is not (null or JwtHeader.Type)) return Refused("another type");
        if (header.Crit is not null) return Refused("an unknown critical header");
        if (header.Kid is not { Length: > 0 and <= MaxKidLength } kid) return Refused("no key named");

        var key = await keys.FindAsync(kid, cancellationToken);
        if (key is null) return Refused("an unknown key");
        if (!key.Verify(parts.Signed, parts.Signature)) return Refused("the signature does not fit");
        if (!TryParse<JwtClaims>(parts.Claims, out var claims)) return Refused("claims are missing or malformed");

        return Judge(claims);
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

    private static bool TrySplit(string token, out Parts parts)
    {
        parts = default;
        if (token.Length > SessionToken.MaxLength) return false;

        var first = token.IndexOf('.');
        var last = token.LastIndexOf('.');
        if (first < 0 || first == last || first > MaxHeaderLength) return false;

        if (!StrictBase64Url.TryDecode(token.AsSpan(0, first), out var header)
            || !StrictBase64Url.TryDecode(token.AsSpan(first + 1, last - first - 1), out var claims)
            || !StrictBase64Url.TryDecode(token.AsSpan(last + 1), out var signature))
        {
            return false;
        }

        parts = new Parts(header, claims, signature, Encoding.ASCII.GetBytes(token, 0, last));
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
            // A forger's text, not an error of ours: refused below.
        }

        return value is not null;
    }

    private static SessionTokenResult Refused(string why) => new(null, why);

    private readonly record struct Parts(byte[] Header, byte[] Claims, byte[] Signature, byte[] Signed);
}
