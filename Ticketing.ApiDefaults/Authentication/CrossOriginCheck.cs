using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ticketing.ApiDefaults;

/// <summary>
/// Refuses (403) requests that change something, were signed in by the cookie, and come from another site's page: the
/// browser sends the cookie whoever wrote the page (cross-site request forgery). SameSite=Lax alone is not enough: to it,
/// every port and subdomain of the host is the same site. A GET that opens a WebSocket counts as a change: no browser keeps
/// a foreign page from reading what comes over it. Clients that send neither <c>Origin</c> nor
/// <c>Sec-Fetch-Site</c> are no browsers; a token in the header is never sent unasked. Both pass.
/// </summary>
internal sealed partial class CrossOriginCheck(RequestDelegate next, ILogger<CrossOriginCheck> logger)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        // The header wins over the cookie: who is signed in without one is signed in by the cookie.
        var isByCookie = context.User.Identity is { IsAuthenticated: true } && request.Headers.Authorization.Count == 0;
        if (!isByCookie || IsSafe(request) || !CrossOrigin.IsForeign(request))
            return next(context);

        LogRefused(request.Method, request.Headers.Origin, request.Headers["Sec-Fetch-Site"]);
        return Problems.ForeignOrigin().ExecuteAsync(context);
    }

    private static bool IsSafe(HttpRequest request) => request.Headers.Upgrade.Count == 0
        && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
            || HttpMethods.IsOptions(request.Method) || HttpMethods.IsTrace(request.Method));

    [LoggerMessage(LogLevel.Warning,
        "A cross-origin {Method} with a session cookie was refused (Origin '{Origin}', Sec-Fetch-Site '{Site}').")]
    private partial void LogRefused(string method, string? origin, string? site);
}
