using System.Security.Claims;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Ticketing.ApiDefaults;

/// <summary>Access tokens: what Auth writes into them (JWT, RFC 7519), and what they must say to be accepted.</summary>
public static class SessionToken
{
    /// <summary>The header's <c>typ</c>, so that nothing else that we sign is taken for a session.</summary>
    public const string Type = "JWT";

    /// <summary>Longer tokens are refused unread; ours are about 450 characters.</summary>
    public const int MaxLength = 4096;

    /// <summary>How far the clocks of two machines may differ.</summary>
    public static readonly TimeSpan Leeway = TimeSpan.FromSeconds(30);

    private static readonly JsonWebTokenHandler Writer = new();

    // No two readers may understand one token differently: names are exact, come once, and none is missing.
    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        AllowDuplicateProperties = false,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>Writes and signs a token.</summary>
    /// <param name="key">The signing key.</param>
    /// <param name="options">Issuer and audience.</param>
    /// <param name="userId">The user, a UUIDv7 that Auth made.</param>
    /// <param name="email">The user's e-mail address.</param>
    /// <param name="now">From when it is good; times are cut to whole seconds.</param>
    /// <param name="lifetime">For how long; readers add their leeway.</param>
    public static string Sign(
        SigningKey key, SessionTokenOptions options, Guid userId, string email, DateTimeOffset now, TimeSpan lifetime) =>
        Writer.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = Type,
            Issuer = options.Issuer,
            Audience = options.Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + lifetime).UtcDateTime,
            Claims = new Dictionary<string, object>
            {
                [JwtRegisteredClaimNames.Sub] = userId.ToString(),
                [JwtRegisteredClaimNames.Email] = email,
                [JwtRegisteredClaimNames.Jti] = Guid.CreateVersion7(now).ToString(),
            },
            SigningCredentials = key.Credentials,
        });

    /// <summary>
    /// The user of a token whose signature was verified. Null for one that the library takes but we do not: with a claim
    /// missing or there twice, or a header that calls an extension critical (<c>crit</c>), of which we know none.
    /// </summary>
    internal static ClaimsPrincipal? ReadUser(JsonWebToken token)
    {
        try
        {
            if (Read<Header>(token.EncodedHeader) is not { Crit: null } || Read<Claims>(token.EncodedPayload) is not { } claims)
                return null;
            return new(new ClaimsIdentity(
                [
                    new(JwtRegisteredClaimNames.Sub, claims.Sub.ToString()),
                    new(JwtRegisteredClaimNames.Email, claims.Email),
                    new(JwtRegisteredClaimNames.Iat, claims.Iat.ToString(), ClaimValueTypes.Integer64),
                ],
                authenticationType: "Bearer", nameType: JwtRegisteredClaimNames.Email, roleType: null));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static T? Read<T>(string segment) => JsonSerializer.Deserialize<T>(Base64UrlEncoder.DecodeBytes(segment), Strict);

    private sealed record Header(string Alg, string Kid, string Typ, JsonElement? Crit = null);

    private sealed record Claims(string Iss, string Aud, Guid Sub, string Email, Guid Jti, uint Iat, uint Nbf, uint Exp);
}
