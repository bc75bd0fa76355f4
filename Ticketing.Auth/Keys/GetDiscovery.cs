using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Ticketing.ApiDefaults;

namespace Ticketing.Auth.Keys;

/// <summary>
/// Where others find what they need to verify our tokens (OpenID Connect Discovery 1.0, section 3). We sign our own users
/// in and nobody else's, so there are no authorization endpoints.
/// </summary>
internal sealed record Discovery(
    [property: JsonPropertyName("issuer")] string Issuer,
    [property: JsonPropertyName("jwks_uri")] string JwksUri,
    [property: JsonPropertyName("id_token_signing_alg_values_supported")] IReadOnlyList<string> Algorithms,
    [property: JsonPropertyName("subject_types_supported")] IReadOnlyList<string> SubjectTypes,
    [property: JsonPropertyName("response_types_supported")] IReadOnlyList<string> ResponseTypes,
    [property: JsonPropertyName("claims_supported")] IReadOnlyList<string> Claims);

/// <summary>Publishes the discovery document.</summary>
internal static class GetDiscovery
{
    public static Ok<Discovery> Handle(IOptions<SessionTokenOptions> options, HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=3600";
        var issuer = options.Value.Issuer;
        return TypedResults.Ok(new Discovery(
            issuer, $"{issuer}/.well-known/jwks.json", [SecurityAlgorithms.EcdsaSha256], ["public"], [],
            ["iss", "aud", "sub", "email", "jti", "iat", "nbf", "exp"]));
    }
}
