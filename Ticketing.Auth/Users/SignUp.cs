using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Ticketing.ApiDefaults;
using Ticketing.Auth.Sessions;
using Ticketing.Contracts.Api;

namespace Ticketing.Auth.Users;

/// <summary>The body of <c>POST /api/users/signup</c>.</summary>
/// <param name="Email">Whose address nobody has signed up with.</param>
/// <param name="Password">8–128 characters.</param>
/// <example>{ "email": "ada@example.com", "password": "correct horse" }</example>
internal sealed record SignUpRequest([property: Required, EmailAddress] string? Email, [property: Required] string? Password);

/// <summary>Makes a user and signs them in.</summary>
internal static class SignUp
{
    public static async Task<Results<Created<UserResponse>, ProblemHttpResult>> HandleAsync(
        SignUpRequest request, UserManager<User> users, SessionStore sessions, TimeProvider time, HttpContext context,
        CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        errors.Require(EmailAddress.TryParse(request.Email, out var email), "email", "This is no e-mail address.");
        errors.Require(Password.IsAcceptable(request.Password), "password", Password.Rule);
        errors.Require(!Password.HasControls(request.Password), "password", Password.NoControls);
        if (!errors.None) return Problems.Validation(errors);

        // Looked up first, since hashing a password for nothing is dear; only the unique index decides.
        if (await users.FindByEmailAsync(email!) is not null) return EmailInUse.Problem();

        var user = new User { Id = Guid.CreateVersion7(time.GetUtcNow()), Email = email, CreatedAt = time.GetUtcNow() };
        try
        {
            var created = await users.CreateAsync(user, request.Password!);
            if (!created.Succeeded) throw new InvalidOperationException($"Identity refused a valid user: {created}.");
        }
        catch (DbUpdateException lostRace) when (EmailInUse.IsReasonOf(lostRace))
        {
            return EmailInUse.Problem();
        }

        await sessions.StartAsync(user, context, cancellationToken);
        return TypedResults.Created((string?)null, new UserResponse(user.Id, user.Email!));
    }
}
