using System.ComponentModel.DataAnnotations;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Auth.Sessions;
using Ticketing.Data;

namespace Ticketing.Auth.Users;

/// <summary>The body of <c>POST /api/users/delete</c>.</summary>
/// <example>{ "password": "correct horse" }</example>
internal sealed record DeleteUserRequest([property: Required] string? Password);

/// <summary>The answer of <c>POST /api/users/delete</c>: an empty object.</summary>
internal sealed record DeleteUserResponse;

/// <summary>
/// Forgets the signed-in user: address, password and sessions go, and the address is free again. Other services are told
/// in the same transaction. What was bought and paid stays with them, under an id that leads to nobody any more.
/// </summary>
internal static class DeleteUser
{
    // The stamp: a password that was changed meanwhile is not the one that was checked.
    private const string Statement =
        """
        WITH deleted AS (
            DELETE FROM users WHERE id = @id AND security_stamp = @stamp RETURNING id
        ), remembered AS (
            INSERT INTO deleted_users (id) SELECT id FROM deleted
        ), published AS (
            INSERT INTO outbox (type, body, trace_parent)
            SELECT 'UserDeleted', jsonb_build_object('userId', id), @traceParent FROM deleted
        )
        SELECT count(*) FROM deleted
        """;

    public static async Task<Results<Ok<DeleteUserResponse>, ProblemHttpResult>> HandleAsync(
        DeleteUserRequest request, UserManager<User> users, PasswordGuard guard, NpgsqlDataSource database, Outbox outbox,
        HttpContext context, CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        errors.Require(!string.IsNullOrEmpty(request.Password), "password", "The password is missing.");
        if (!errors.None) return Problems.Validation(errors);

        var user = await users.FindByIdAsync(context.User.UserId().ToString());
        if (user is null) return Problems.Unauthorized();
        if (await guard.RefuseAsync(user, request.Password!, context) is { } refusal) return refusal;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var deleted = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            Statement, new { id = user.Id, stamp = user.SecurityStamp, Outbox.TraceParent }, cancellationToken: cancellationToken));
        if (deleted == 0)
            return Problems.BadRequest("The account was being used or changed at the same time. Try again.");

        outbox.Wake();
        SessionCookieJar.Clear(context);
        return TypedResults.Ok(new DeleteUserResponse());
    }
}
