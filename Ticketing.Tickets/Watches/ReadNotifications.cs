using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Ticketing.ApiDefaults;

namespace Ticketing.Tickets.Watches;

/// <summary>The body of <c>POST /api/tickets/notifications/read</c>.</summary>
/// <param name="Through">The newest notification that was read, by its id.</param>
/// <example>{ "through": "01980000-0000-7000-8000-000000000000" }</example>
internal sealed record ReadNotificationsRequest([property: Required, SchemaType(typeof(Guid))] string? Through);

/// <summary>The user has read what they were told up to some notification; one that came after it stays unread.</summary>
internal static class ReadNotifications
{
    public static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        ReadNotificationsRequest request,
        ClaimsPrincipal user,
        NpgsqlDataSource database,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        var through = errors.RequireId(request.Through, "through");
        if (!errors.None)
            return Problems.Validation(errors);

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE notifications SET read_at = @now WHERE user_id = @userId AND id <= @through AND read_at IS NULL",
            new { userId = user.UserId(), through, now = clock.GetUtcNow() }, cancellationToken: cancellationToken));
        return TypedResults.NoContent();
    }
}
