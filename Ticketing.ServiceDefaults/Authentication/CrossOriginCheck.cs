using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ticketing.ServiceDefaults;

/// <summary>
/// Refuses (403) requests that change something, were signed in by the cookie, and come from another site's page: the
/// browser sends the cookie whoever wrote the page (cross-site request forgery). SameSite=Lax alone is not enough: to it,
/// every port and subdomain of the host is the same site. Clients that send neither <c>Origin</c> nor
/// <c>Sec-Fetch-Site</c> are no browsers; a token in the header is never sent unasked. Both pass.
/// </summary>
internal sealed class CrossOriginCheck(RequestDelegate next, ILogger<CrossOriginCheck> logger)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (context.User.Identity?.AuthenticationType != SessionAuthenticationHandler.FromCookie
            || IsSafe(request.Method) || !IsForeign(request))
        {
            return next(context);
        }

        AuthenticationLog.CrossOriginRefused(logger, request.Method, request.Headers.Origin, request.Headers["Sec-Fetch-Site"]);
        return Problems.ForeignOrigin().ExecuteAsync(context);
    }

    /// <summary>True if a page of another origin made the request, as far as its headers tell.</summary>
    public static bool IsForeign(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        var origin = request.Headers.Origin;
        return (site.Count > 0 && site.ToString() is not ("same-origin" or "none"))
            || (origin.Count > 0 && !IsOwn(origin.ToString(), request));
    }

    // "null" (a sandboxed frame, a file) is no URI, and so is foreign. Uri knows the schemes' default ports.
    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var theirs)
        && Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var ours)
        && theirs.Scheme == ours.Scheme && theirs.Host == ours.Host && theirs.Port == ours.Port;

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);
}
