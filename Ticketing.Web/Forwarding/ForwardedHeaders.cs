using System.Net.Http.Headers;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Ticketing.Web.Sessions;

namespace Ticketing.Web.Forwarding;

/// <summary>Which header fields pass the forwarder, and which it sets itself.</summary>
internal static class ForwardedHeaders
{
    /// <summary>Fields that are about one connection (RFC 9110, 7.6.1) and so never about the next one.</summary>
    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        HeaderNames.Connection, HeaderNames.KeepAlive, HeaderNames.ProxyConnection, HeaderNames.TE, HeaderNames.Trailer,
        HeaderNames.TransferEncoding, HeaderNames.Upgrade, HeaderNames.ProxyAuthenticate, HeaderNames.ProxyAuthorization,
        "Proxy-Authentication-Info", "HTTP2-Settings",
    };

    /// <summary>
    /// Fields of a request that are made anew for the service: the host, the cookies, what a client may only claim
    /// about where it comes from, and the trace context, which HttpClient sets to the span of this very call.
    /// </summary>
    private static readonly HashSet<string> SetHere = new(StringComparer.OrdinalIgnoreCase)
    {
        HeaderNames.Host, HeaderNames.Cookie, HeaderNames.Expect,
        ForwardedFor, ForwardedProto, ForwardedHost, "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Real-IP", "Forwarded",
        HeaderNames.TraceParent, HeaderNames.TraceState, HeaderNames.Baggage, HeaderNames.RequestId, HeaderNames.CorrelationContext,
    };

    public const string ForwardedFor = "X-Forwarded-For";
    public const string ForwardedProto = "X-Forwarded-Proto";
    public const string ForwardedHost = "X-Forwarded-Host";

    public static void CopyRequest(HttpRequest from, HttpRequestMessage to, string service)
    {
        var named = NamedIn(from.Headers.Connection);
        foreach (var (name, values) in from.Headers)
        {
            if (HopByHop.Contains(name) || SetHere.Contains(name) || named.Contains(name))
                continue;
            if (!to.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                to.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
        if (VisitorCookies.HeaderFor(service, from.Cookies) is { } cookies)
            to.Headers.TryAddWithoutValidation(HeaderNames.Cookie, cookies);
        Describe(from, to.Headers);
    }

    /// <summary>Tells the service whom it really serves. Replaces what was there: a client's word is not proof.</summary>
    public static void Describe(HttpRequest from, HttpRequestHeaders to)
    {
        if (from.HttpContext.Connection.RemoteIpAddress is { } client)
            to.TryAddWithoutValidation(ForwardedFor, client.ToString());
        to.TryAddWithoutValidation(ForwardedProto, from.Scheme);
        to.TryAddWithoutValidation(ForwardedHost, from.Host.ToUriComponent());
    }

    public static void CopyResponse(HttpResponseMessage from, HttpResponse to)
    {
        var named = NamedIn(from.Headers.TryGetValues(HeaderNames.Connection, out var tokens) ? tokens.ToArray() : []);
        Copy(from.Headers);
        Copy(from.Content.Headers);

        void Copy(HttpHeaders headers)
        {
            // Not validated: what a service says is passed on as it is, even where .NET's parser would object.
            foreach (var (name, values) in headers.NonValidated)
            {
                if (HopByHop.Contains(name) || named.Contains(name) || name.Equals(HeaderNames.Server, StringComparison.OrdinalIgnoreCase))
                    continue;
                // Cookies from the renewal of the session may be there already; a later one of that name wins.
                if (name.Equals(HeaderNames.SetCookie, StringComparison.OrdinalIgnoreCase))
                    to.Headers.Append(name, values.ToArray());
                else
                    to.Headers[name] = values.ToArray();
            }
        }
    }

    private static HashSet<string> NamedIn(StringValues connection)
    {
        var named = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var value in connection)
            named.UnionWith((value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return named;
    }
}
