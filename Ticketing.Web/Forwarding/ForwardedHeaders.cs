using System.Net.Http.Headers;
using Microsoft.Net.Http.Headers;
using Ticketing.Web.Sessions;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Ticketing.Web.Forwarding;

/// <summary>
/// Which header fields pass, and which are made anew for the service. YARP itself leaves out those that are about one
/// connection (RFC 9110, 7.6.1), and HttpClient sets the trace context to the span of the call.
/// </summary>
internal static class ForwardedHeaders
{
    private static readonly string[] Dropped = [HeaderNames.Expect, HeaderNames.Trailer, "X-Forwarded-Port", "X-Real-IP"];

    public static void AddTransforms(TransformBuilderContext route)
    {
        var service = route.Route.ClusterId!;
        route.AddRequestTransform(context =>
        {
            var from = context.HttpContext.Request;
            foreach (var name in from.Headers.GetCommaSeparatedValues(HeaderNames.Connection))
            {
                // A field that is there has a valid name; another one may be anything.
                if (from.Headers.ContainsKey(name))
                    RequestTransform.RemoveHeader(context, name);
            }
            RequestTransform.RemoveHeader(context, HeaderNames.Cookie);
            if (VisitorCookies.HeaderFor(service, from.Cookies) is { } cookies)
                RequestTransform.AddHeader(context, HeaderNames.Cookie, cookies);
            return ValueTask.CompletedTask;
        });
        foreach (var name in Dropped)
            route.AddRequestHeaderRemove(name);
        // Replaced, never appended to: a client's word is not proof.
        route.AddXForwarded(ForwardedTransformActions.Set);
        route.AddResponseTransform(context =>
        {
            context.HttpContext.Response.Headers.Server = default;
            if (context.ProxyResponse?.Headers.NonValidated.TryGetValues(HeaderNames.Connection, out var named) is true)
            {
                foreach (var name in named.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries)))
                    context.HttpContext.Response.Headers.Remove(name);
            }
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>Tells a service whom it really serves, in a call of the site's own.</summary>
    public static void Describe(HttpRequest from, HttpRequestHeaders to)
    {
        if (from.HttpContext.Connection.RemoteIpAddress is { } client)
            to.TryAddWithoutValidation("X-Forwarded-For", client.ToString());
        to.TryAddWithoutValidation("X-Forwarded-Proto", from.Scheme);
        to.TryAddWithoutValidation("X-Forwarded-Host", from.Host.ToUriComponent());
    }
}
