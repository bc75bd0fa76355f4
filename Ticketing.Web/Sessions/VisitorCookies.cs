using Ticketing.ApiDefaults;

namespace Ticketing.Web.Sessions;

/// <summary>What each service gets to see of a visitor's cookies.</summary>
internal static class VisitorCookies
{
    /// <summary>
    /// The Cookie header for a call to a service, or null if there is nothing to send: the session for all, the
    /// refresh token for Auth only, never the site's own cookies.
    /// </summary>
    public static string? HeaderFor(string service, IRequestCookieCollection cookies) =>
        Header(cookies[SessionCookies.Session], service == "auth" ? cookies[SessionCookies.Refresh] : null);

    /// <summary>A Cookie header of these two, or null if both are absent.</summary>
    public static string? Header(string? session, string? refresh)
    {
        // Request.Cookies decoded the values, so they are encoded again: a client's "%0D%0A" stays data.
        var pairs = new[] { (SessionCookies.Session, session), (SessionCookies.Refresh, refresh) }
            .Where(pair => !string.IsNullOrEmpty(pair.Item2))
            .Select(pair => $"{pair.Item1}={Uri.EscapeDataString(pair.Item2!)}");
        return string.Join("; ", pairs) is { Length: > 0 } header ? header : null;
    }

    /// <summary>The Authorization header with which to act for this visitor: their own (it wins), or their session's.</summary>
    public static string Authorization(HttpRequest visitor) =>
        visitor.Headers.Authorization is [{ Length: > 0 } own] ? own : $"Bearer {visitor.Cookies[SessionCookies.Session]}";
}
