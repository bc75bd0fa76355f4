using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Ticketing.ApiDefaults;
using Ticketing.Auth.Sessions;
using Ticketing.Contracts.Api;

namespace Ticketing.Auth.Users;

/// <summary>The body of <c>POST /api/users/signin</c>.</summary>
/// <example>{ "email": "ada@example.com", "password": "correct horse" }</example>
internal sealed record SignInRequest([property: Required, EmailAddress] string? Email, [property: Required] string? Password);

/// <summary>Starts a session for whoever knows an address and its password.</summary>
internal static class SignIn
{
    public static async Task<Results<Ok<UserResponse>, ProblemHttpResult>> HandleAsync(
        SignInRequest request, UserManager<User> users, PasswordGuard guard, SessionStore sessions, HttpContext context,
        CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        errors.Require(EmailAddress.TryParse(request.Email, out var email), "email", "This is no e-mail address.");
        errors.Require(!string.IsNullOrEmpty(request.Password), "password", "The password is missing.");
        if (!errors.None) return Problems.Validation(errors);

        var user = await users.FindByEmailAsync(email!);
        if (user is null)
        {
            guard.CheckForNobody(request.Password!);
            return WrongCredentials();
        }

        if (await guard.LockedOutAsync(user, context) is { } locked) return locked;

        if (!await users.CheckPasswordAsync(user, request.Password!))
        {
            await guard.CountFailureAsync(user);
            return WrongCredentials();
        }

        // Not started if other guesses locked the user out, or the password was changed, while this one was checked.
        if (!await sessions.StartAsync(user, context, cancellationToken)) return WrongCredentials();

        // If this loses a race for the row, the user has fewer tries until the next sign-in: no harm.
        if (user.AccessFailedCount > 0) await users.ResetAccessFailedCountAsync(user);
        return TypedResults.Ok(new UserResponse(user.Id, user.Email!));
    }

    private static ProblemHttpResult WrongCredentials() => Problems.BadRequest("Wrong e-mail address or password.");
}
