using Microsoft.AspNetCore.Http.HttpResults;
using Ticketing.ApiDefaults;

namespace Ticketing.Auth.Sessions;

/// <summary>
/// Ends every session of the signed-in user, this one too. Access tokens that are out there are good for the rest of
/// their minutes.
/// </summary>
internal static class SignOutEverywhere
{
    public static async Task<Ok<SignOutResponse>> HandleAsync(
        SessionStore sessions, HttpContext context, CancellationToken cancellationToken)
    {
        await sessions.EndAllAsync(context.User.UserId(), cancellationToken);
        SessionCookieJar.Clear(context);
        return TypedResults.Ok(new SignOutResponse());
    }
}
