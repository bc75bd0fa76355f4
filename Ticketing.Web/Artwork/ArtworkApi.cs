using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Ticketing.Web.Artwork;

/// <summary>Pictures of listings, made from their ids until sellers bring their own.</summary>
internal static class ArtworkApi
{
    public static void MapArtwork(this IEndpointRouteBuilder app) =>
        // It needs no session and no language: answered before anything looks at them.
        app.MapGet($"/art/{Picture.Edition}/{{id:guid}}.svg", Get).AllowAnonymous().ExcludeFromDescription().ShortCircuit();

    private static ContentHttpResult Get(Guid id, HttpResponse response)
    {
        response.Headers[HeaderNames.CacheControl] = "public, max-age=31536000, immutable";
        return TypedResults.Text(Picture.Draw(id), "image/svg+xml", Encoding.UTF8);
    }
}
