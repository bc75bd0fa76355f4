using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Ticketing.ApiDefaults;

/// <summary>What the routes of every HTTP API have in common.</summary>
public static class ApiRoutes
{
    /// <summary>Where a service's routes are mapped: without a prefix, and with the conventions of the API.</summary>
    /// <param name="app">The service.</param>
    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("").AnswersHead();
        ((IEndpointConventionBuilder)api).Finally(RefusesBodiesItself);
        return api;
    }

    /// <summary>Answers <c>HEAD</c> as <c>GET</c>; the server leaves out the body (RFC 9110, 9.3.2).</summary>
    /// <param name="endpoints">Some of which have <c>GET</c>.</param>
    public static TBuilder AnswersHead<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Add(static endpoint =>
        {
            for (var index = 0; index < endpoint.Metadata.Count; index++)
            {
                if (endpoint.Metadata[index] is HttpMethodMetadata { HttpMethods: var methods }
                    && methods.Contains(HttpMethods.Get) && !methods.Contains(HttpMethods.Head))
                    endpoint.Metadata[index] = new HttpMethodMetadata([.. methods, HttpMethods.Head]);
            }
        });
        return endpoints;
    }

    /// <summary>
    /// Routing would answer a wrong <c>Content-Type</c> by an endpoint of its own (415), before the session is looked at. Without
    /// the metadata by which it does, the route itself refuses the body, in its turn and with 400.
    /// </summary>
    private static void RefusesBodiesItself(EndpointBuilder endpoint)
    {
        for (var index = endpoint.Metadata.Count - 1; index >= 0; index--)
        {
            if (endpoint.Metadata[index] is IAcceptsMetadata)
                endpoint.Metadata.RemoveAt(index);
        }
    }
}
