namespace Ticketing.ApiDefaults;

/// <summary>The names of the two cookies of a signed-in browser.</summary>
public static class SessionCookies
{
    /// <summary>Holds the access token, a JWT that every service verifies by itself.</summary>
    public const string Session = "session";

    /// <summary>Holds the refresh token, which only Auth understands.</summary>
    public const string Refresh = "refresh";
}
