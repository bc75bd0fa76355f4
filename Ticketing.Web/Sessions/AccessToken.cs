using Microsoft.IdentityModel.JsonWebTokens;

namespace Ticketing.Web.Sessions;

/// <summary>The one thing that Web reads in an access token without verifying it: when it ends.</summary>
internal static class AccessToken
{
    /// <summary>
    /// When the token says that it ends (RFC 7519, <c>exp</c>); the year 1 if it does not say so or is no token.
    /// Unverified: good for deciding whether to renew, never for deciding who somebody is.
    /// </summary>
    public static DateTime EndOf(string token)
    {
        try
        {
            return new JsonWebToken(token).ValidTo;
        }
        catch (ArgumentException)
        {
            return DateTime.MinValue;
        }
    }
}
