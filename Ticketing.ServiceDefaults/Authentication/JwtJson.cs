using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ticketing.ServiceDefaults;

/// <summary>The token's first segment. One that calls an extension critical (<c>crit</c>) is refused: we know none.</summary>
internal sealed record JwtHeader(string Alg, string Kid, string? Typ = null, JsonElement? Crit = null)
{
    public const string Type = "JWT";
}

/// <summary>The token's second segment. Every claim is required; Auth writes them all.</summary>
internal sealed record JwtClaims(string Iss, string Aud, Guid Sub, string Email, Guid Jti, long Iat, long Nbf, long Exp);

internal static class JwtJson
{
    /// <summary>No two readers may understand one token differently: names are exact, come once, and none is missing.</summary>
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        PropertyNameCaseInsensitive = false,
        AllowDuplicateProperties = false,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 8,
    };
}
