using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Ticketing.ApiDefaults;

namespace Ticketing.Auth.Users;

/// <summary>The answer of <c>GET /api/users/currentuser</c>; <c>currentUser</c> is null, not absent, for nobody.</summary>
internal sealed record CurrentUserResponse(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] CurrentUser? CurrentUser);

/// <summary>Who the session belongs to.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Email">The user's e-mail address at sign-in.</param>
/// <param name="Iat">When the session was last renewed, in seconds since 1970.</param>
internal sealed record CurrentUser(Guid Id, [property: EmailAddress] string Email, long Iat);

/// <summary>Tells a client who it is: from its session alone, without a look at the database.</summary>
internal static class GetCurrentUser
{
    public static Ok<CurrentUserResponse> Handle(HttpContext context)
    {
        var user = context.User;
        return TypedResults.Ok(new CurrentUserResponse(user.Identity is { IsAuthenticated: true }
            ? new CurrentUser(user.UserId(), user.Email(), user.SessionIssuedAt().ToUnixTimeSeconds())
            : null));
    }
}
