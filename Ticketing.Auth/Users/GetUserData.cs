using System.ComponentModel.DataAnnotations;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Ticketing.ApiDefaults;

namespace Ticketing.Auth.Users;

/// <summary>What this service keeps about a user, for the user to read.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Email">Their e-mail address.</param>
/// <param name="CreatedAt">When they signed up.</param>
/// <param name="Sessions">The browsers and clients that were signed in lately, newest first, at most 100.</param>
internal sealed record UserDataResponse(Guid Id, [property: EmailAddress] string Email, DateTimeOffset CreatedAt, IReadOnlyList<SessionData> Sessions);

/// <param name="StartedAt">When somebody signed in.</param>
/// <param name="LastUsedAt">When the session was last renewed; null if it never was.</param>
/// <param name="EndedAt">When it was ended by hand; null if it was not.</param>
internal sealed record SessionData(DateTimeOffset StartedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? EndedAt);

/// <summary>Tells the signed-in user all that is kept about them here, but for secrets.</summary>
internal static class GetUserData
{
    private const string Query =
        """
        SELECT id, email, created_at FROM users WHERE id = @id;

        SELECT family.created_at AS started_at, max(token.used_at) AS last_used_at, family.revoked_at AS ended_at
        FROM refresh_families AS family LEFT JOIN refresh_tokens AS token ON token.family_id = family.id
        WHERE family.user_id = @id
        GROUP BY family.id ORDER BY family.created_at DESC LIMIT 100
        """;

    public static async Task<Results<Ok<UserDataResponse>, ProblemHttpResult>> HandleAsync(
        NpgsqlDataSource database, HttpContext context, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var results = await connection.QueryMultipleAsync(
            new CommandDefinition(Query, new { id = context.User.UserId() }, cancellationToken: cancellationToken));
        // Both are read, also when there is no user: what is left unread is cancelled, over a connection of its own.
        var user = await results.ReadSingleOrDefaultAsync<UserRow>();
        var sessions = (await results.ReadAsync<SessionData>()).AsList();
        if (user is null) return Problems.Unauthorized();

        return TypedResults.Ok(new UserDataResponse(user.Id, user.Email, user.CreatedAt, sessions));
    }

    private sealed record UserRow(Guid Id, string Email, DateTimeOffset CreatedAt);
}
