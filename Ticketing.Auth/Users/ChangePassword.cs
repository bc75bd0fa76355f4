using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Ticketing.ApiDefaults;
using Ticketing.Auth.Sessions;
using Ticketing.Contracts.Api;

namespace Ticketing.Auth.Users;

/// <summary>The body of <c>POST /api/users/password</c>.</summary>
/// <param name="CurrentPassword">The one that it was.</param>
/// <param name="NewPassword">8–128 characters.</param>
/// <example>{ "currentPassword": "correct horse", "newPassword": "battery staple" }</example>
internal sealed record ChangePasswordRequest([property: Required] string? CurrentPassword, [property: Required] string? NewPassword);

/// <summary>
/// Changes the signed-in user's password. With it changes the security stamp, on which every session depends: all are
/// over but the new one that the caller gets.
/// </summary>
internal static class ChangePassword
{
    public static async Task<Results<Ok<UserResponse>, ProblemHttpResult>> HandleAsync(
        ChangePasswordRequest request, UserManager<User> users, PasswordGuard guard, SessionStore sessions, HttpContext context,
        CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        errors.Require(!string.IsNullOrEmpty(request.CurrentPassword), "currentPassword", "The current password is missing.");
        errors.Require(Password.IsAcceptable(request.NewPassword), "newPassword", Password.Rule);
        errors.Require(!Password.HasControls(request.NewPassword), "newPassword", Password.NoControls);
        if (!errors.None) return Problems.Validation(errors);

        var user = await users.FindByIdAsync(context.User.UserId().ToString());
        if (user is null) return Problems.Unauthorized();
        if (await guard.LockedOutAsync(user, context) is { } locked) return locked;

        var changed = await users.ChangePasswordAsync(user, request.CurrentPassword!, request.NewPassword!);
        if (changed.Errors.Any(error => error.Code == nameof(IdentityErrorDescriber.PasswordMismatch)))
        {
            await guard.CountFailureAsync(user);
            return Problems.BadRequest("Wrong password.");
        }

        if (!changed.Succeeded || !await sessions.StartAsync(user, context, cancellationToken))
        {
            return Problems.BadRequest("The password was being used or changed at the same time. Try again.");
        }

        return TypedResults.Ok(new UserResponse(user.Id, user.Email!));
    }
}
