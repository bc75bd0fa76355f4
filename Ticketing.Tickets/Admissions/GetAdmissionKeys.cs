using Microsoft.AspNetCore.Http.HttpResults;
using Ticketing.ApiDefaults;

namespace Ticketing.Tickets.Admissions;

/// <summary>Publishes the keys that verify tickets' codes (RFC 7517), for doors without a network.</summary>
internal static class GetAdmissionKeys
{
    public static Ok<PublishedKeys> Handle(AdmissionKeys keys, HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Ok(PublishedKeys.Of(keys.All));
    }
}
