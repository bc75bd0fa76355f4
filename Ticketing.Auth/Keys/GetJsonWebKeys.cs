using Ticketing.ApiDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ticketing.Auth.Keys;

/// <summary>Publishes the public keys (RFC 7517).</summary>
internal static class GetJsonWebKeys
{
    public static Ok<PublishedKeys> Handle(SigningKeys keys, HttpContext context)
    {
        // Far less than a key is published before it is used.
        context.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Ok(keys.Published);
    }
}
