using Microsoft.AspNetCore.Http.HttpResults;
using Ticketing.ApiDefaults;

namespace Ticketing.Auth.Sessions;

/// <summary>The answer of <c>POST /api/users/signout</c>: an empty object.</summary>
internal sealed record SignOutResponse;

/// <summary>Clears the cookies and ends the session behind them, if there is one.</summary>
internal static class SignOut
{
    public static async Task<Results<Ok<SignOutResponse>, ProblemHttpResult>> HandleAsync(
        SessionStore sessions, HttpContext context, CancellationToken cancellationToken)
    {
        if (RefreshToken.TryParse(context.Request.Cookies[SessionCookies.Refresh], out var token))
        {
            if (CrossOrigin.IsForeign(context.Request)) return Problems.ForeignOrigin();

            await sessions.EndAsync(token, cancellationToken);
        }

        SessionCookieJar.Clear(context);
        return TypedResults.Ok(new SignOutResponse());
    }
}
