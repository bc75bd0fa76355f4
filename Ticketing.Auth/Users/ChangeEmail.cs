using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Ticketing.ApiDefaults;
using Ticketing.Auth.Sessions;
using Ticketing.Contracts.Api;

namespace Ticketing.Auth.Users;

/// <summary>The body of <c>POST /api/users/email</c>.</summary>
/// <example>{ "email": "ada@example.org", "password": "correct horse" }</example>
internal sealed record ChangeEmailRequest([property: Required, EmailAddress] string? Email, [property: Required] string? Password);

/// <summary>
/// Gives the signed-in user another e-mail address. With it changes the security stamp: all sessions are over but the
/// new one that the caller gets, whose tokens name the new address.
/// </summary>
internal static class ChangeEmail
{
    public static async Task<Results<Ok<UserResponse>, ProblemHttpResult>> HandleAsync(
        ChangeEmailRequest request, UserManager<User> users, PasswordGuard guard, SessionStore sessions, HttpContext context,
        CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        errors.Require(EmailAddress.TryParse(request.Email, out var email), "email", "This is no e-mail address.");
        errors.Require(!string.IsNullOrEmpty(request.Password), "password", "The password is missing.");
        if (!errors.None) return Problems.Validation(errors);

        var user = await users.FindByIdAsync(context.User.UserId().ToString());
        if (user is null) return Problems.Unauthorized();
        if (await guard.RefuseAsync(user, request.Password!, context) is { } refusal) return refusal;

        try
        {
            var changed = await users.SetEmailAsync(user, email);
            if (!changed.Succeeded || !await sessions.StartAsync(user, context, cancellationToken))
                return Problems.BadRequest("The account was being used or changed at the same time. Try again.");
        }
        catch (DbUpdateException taken) when (EmailInUse.IsReasonOf(taken))
        {
            return EmailInUse.Problem();
        }

        return TypedResults.Ok(new UserResponse(user.Id, user.Email!));
    }
}
