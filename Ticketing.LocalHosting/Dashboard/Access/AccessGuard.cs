using Microsoft.AspNetCore.Http;

namespace Ticketing.LocalHosting.Dashboard.Access;

/// <summary>
/// Lets in who has signed in; the list of resources, which holds no secret, and what the login page needs are for everybody
/// on this machine. Nothing changes at the wish of a foreign page, not even one of another port of <c>localhost</c>, which
/// browsers count as the same site.
/// </summary>
internal sealed class AccessGuard(LoginToken token, int port)
{
    public Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (!IsRead(request) && IsForeign(request))
            return RefuseAsync(context, StatusCodes.Status403Forbidden);
        if (IsOpen(request) || token.IsSignedIn(request, port))
            return next(context);
        if (IsRead(request) && !request.Path.StartsWithSegments("/api"))
        {
            context.Response.Redirect($"/login?returnUrl={Uri.EscapeDataString(request.Path + request.QueryString)}");
            return Task.CompletedTask;
        }

        return RefuseAsync(context, StatusCodes.Status401Unauthorized);
    }

    private static bool IsRead(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    private static bool IsOpen(HttpRequest request) =>
        request.Path == "/login" || request.Path.StartsWithSegments("/assets") || (request.Path == "/api/resources" && IsRead(request));

    private static bool IsForeign(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        return site is not ("" or "same-origin" or "none")
            || (origin.Length > 0 && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase));
    }

    private static Task RefuseAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
