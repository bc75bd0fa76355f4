using System.Globalization;
using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Ticketing.ApiDefaults;

/// <summary>The signed-in user of a request. Claims keep the names that they have in the token.</summary>
public static class SessionClaims
{
    extension(ClaimsPrincipal user)
    {
        /// <summary>The signed-in user's id.</summary>
        /// <exception cref="InvalidOperationException">Nobody is signed in: the route lets anonymous callers in.</exception>
        public Guid UserId() => Guid.ParseExact(Required(user, JwtRegisteredClaimNames.Sub), "D");

        /// <summary>The signed-in user's e-mail address.</summary>
        /// <exception cref="InvalidOperationException">Nobody is signed in.</exception>
        public string Email() => Required(user, JwtRegisteredClaimNames.Email);

        /// <summary>When the session's token was signed.</summary>
        /// <exception cref="InvalidOperationException">Nobody is signed in.</exception>
        public DateTimeOffset SessionIssuedAt() => Seconds(Required(user, JwtRegisteredClaimNames.Iat));
    }

    private static string Required(ClaimsPrincipal user, string name) =>
        user.FindFirstValue(name)
        ?? throw new InvalidOperationException($"Nobody is signed in: the claim '{name}' is not there.");

    private static DateTimeOffset Seconds(string value) =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(value, CultureInfo.InvariantCulture));
}
