using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Ticketing.ApiDefaults;

namespace Ticketing.Web.Sessions;

/// <summary>
/// Keeps a browser signed in: a request whose access token is at its end, but that carries a refresh token, gets a
/// new session on the way through, be it for a page or for a forwarded call. If Auth is away the request goes on
/// with what it has, and the cookies stay as they are.
/// </summary>
internal sealed class SessionRenewal(RequestDelegate next, RefreshExchange exchange, TimeProvider time)
{
    /// <summary>A token with less than this left is renewed, so that it does not end on the way.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    public async Task InvokeAsync(HttpContext context)
    {
        if (NeedsRenewal(context) is { } refreshToken
            && await exchange.RenewAsync(refreshToken, context.Request, context.RequestAborted) is { } answer)
        {
            Apply(context, answer);
        }
        await next(context);
    }

    /// <summary>The refresh token to use, or null if there is nothing to renew.</summary>
    private string? NeedsRenewal(HttpContext context)
    {
        var request = context.Request;
        return request.Cookies[SessionCookies.Refresh] is { Length: > 0 } refreshToken
            // The header wins over the cookie, so the cookie does not matter.
            && !request.Headers.ContainsKey(HeaderNames.Authorization)
            && !(request.Cookies[SessionCookies.Session] is { Length: > 0 } session
                && AccessToken.EndOf(session) >= time.GetUtcNow().UtcDateTime + Margin)
            ? refreshToken
            : null;
    }

    private static void Apply(HttpContext context, RefreshAnswer answer)
    {
        // Setting the header makes Request.Cookies read it anew: from here on the request has the new session.
        var others = context.Request.Cookies
            .Where(cookie => cookie.Key is not (SessionCookies.Session or SessionCookies.Refresh))
            .Select(cookie => $"{cookie.Key}={Uri.EscapeDataString(cookie.Value)}");
        var ours = VisitorCookies.Header(answer.Session, answer.Refresh);
        context.Request.Headers.Cookie = string.Join("; ", ours is null ? others : others.Append(ours));

        context.Response.OnStarting(() =>
        {
            // Written at the end, since an answer about a failure throws away what was set before; and put first, since of two
            // cookies of a name the later one wins, which is the service's.
            var headers = context.Response.Headers;
            headers.SetCookie = StringValues.Concat(answer.SetCookies.ToArray(), headers.SetCookie);
            // Whatever the answer says about caching: with a session in it, nobody may keep it.
            headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
    }
}
