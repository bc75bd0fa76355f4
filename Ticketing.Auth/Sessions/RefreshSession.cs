using Microsoft.AspNetCore.Http.HttpResults;
using Ticketing.ApiDefaults;
using Ticketing.Contracts.Api;

namespace Ticketing.Auth.Sessions;

/// <summary>
/// Renews a session by its <c>refresh</c> cookie: the answer sets both cookies anew, or, when the session is over, clears
/// them (401). Web calls this on the way through, so that clients need not.
/// </summary>
internal static class RefreshSession
{
    public static async Task<Results<Ok<UserResponse>, ProblemHttpResult>> HandleAsync(
        SessionStore sessions, HttpContext context, CancellationToken cancellationToken)
    {
        if (RefreshToken.TryParse(context.Request.Cookies[SessionCookies.Refresh], out var token))
        {
            if (CrossOrigin.IsForeign(context.Request)) return Problems.ForeignOrigin();

            if (await sessions.RefreshAsync(token, context, cancellationToken) is { } user)
            {
                return TypedResults.Ok(user);
            }
        }

        SessionCookieJar.Clear(context);
        return Problems.Unauthorized();
    }
}
