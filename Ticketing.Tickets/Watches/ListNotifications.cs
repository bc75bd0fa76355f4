using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Contracts.Api;

namespace Ticketing.Tickets.Watches;

/// <summary>What the user was told, newest first, a page at a time, and how much of it is unread.</summary>
internal static class ListNotifications
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    private const string Statement =
        """
        SELECT id, ticket_id, title, created_at, read_at IS NOT NULL AS read
        FROM notifications WHERE user_id = @userId AND id < @before
        ORDER BY id DESC LIMIT @size + 1;
        SELECT count(*)::int FROM (
            SELECT FROM notifications WHERE user_id = @userId AND read_at IS NULL LIMIT 100) AS unread
        """;

    public static async Task<Results<Ok<NotificationsResponse>, ProblemHttpResult>> HandleAsync(
        [SchemaType(typeof(int), Default = DefaultLimit), Range(1, MaxLimit)] string? limit,
        string? cursor,
        ClaimsPrincipal user,
        HttpContext context,
        NpgsqlDataSource database,
        CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        var size = Paging.ParseLimit(limit, DefaultLimit, MaxLimit, errors);
        var before = Paging.ParseCursor(cursor, errors);
        if (!errors.None)
            return Problems.Validation(errors);

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var results = await connection.QueryMultipleAsync(new CommandDefinition(
            Statement, new { userId = user.UserId(), before, size }, cancellationToken: cancellationToken));
        var notifications = (await results.ReadAsync<NotificationResponse>()).AsList();
        var unread = await results.ReadSingleAsync<int>();
        Paging.EndPage(context, notifications, size, notification => Paging.Cursor(notification.Id), ("limit", limit));
        return TypedResults.Ok(new NotificationsResponse(unread, notifications));
    }
}
