using Ticketing.ApiDefaults;
using Ticketing.Auth.Keys;

namespace Ticketing.Auth.Sessions;

/// <summary>Sets and clears the two cookies of a session.</summary>
internal sealed class SessionCookieJar(SigningKeys keys)
{
    /// <summary>How long an access token is good, whatever happens to its session meanwhile.</summary>
    public static readonly TimeSpan AccessLifetime = TimeSpan.FromMinutes(15);

    public void Set(HttpContext context, Guid userId, string email, RefreshToken refresh)
    {
        context.Response.Cookies.Append(
            SessionCookies.Session, keys.Sign(userId, email, AccessLifetime), Options(context, AccessLifetime));
        context.Response.Cookies.Append(SessionCookies.Refresh, refresh.Text, Options(context, SessionStore.RefreshLifetime));
    }

    public static void Clear(HttpContext context)
    {
        context.Response.Cookies.Delete(SessionCookies.Session, Options(context, null));
        context.Response.Cookies.Delete(SessionCookies.Refresh, Options(context, null));
    }

    private static CookieOptions Options(HttpContext context, TimeSpan? maxAge) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        // As the browser came to the public origin: Web says so in X-Forwarded-Proto.
        Secure = context.Request.IsHttps,
        Path = "/",
        MaxAge = maxAge,
    };
}
