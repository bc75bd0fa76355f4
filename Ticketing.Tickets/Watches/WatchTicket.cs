using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Contracts.Api;

namespace Ticketing.Tickets.Watches;

/// <summary>
/// A user wants to be told when a listing has tickets again. Asking twice is asking once. Refused while there are tickets, after
/// sales have ended, and to the one who holds all that is not sold.
/// </summary>
internal static class WatchTicket
{
    /// <summary>How many listings one user may wait for.</summary>
    private const int Most = 100;

    // The first lock is the user's own, for the limit; the second the listing's, see TellWatchers. Each in a statement of
    // its own, so that the last one's snapshot is later than both.
    private const string Statement =
        """
        SELECT 1 FROM pg_advisory_xact_lock(1, hashtext(@userId::text));
        SELECT id FROM tickets WHERE id = @ticketId FOR SHARE;
        WITH listing AS (
            SELECT offered, held, coalesce(starts_at <= @now, false) AS begun FROM tickets
            WHERE id = @ticketId AND deleted_at IS NULL
        ), own AS (
            SELECT sum(quantity) AS quantity, (array_agg(order_id))[1] AS order_id FROM reservations
            WHERE ticket_id = @ticketId AND user_id = @userId AND state = 'held'
        ), placed AS (
            INSERT INTO watches (ticket_id, user_id, created_at)
            SELECT @ticketId, @userId, @now FROM listing CROSS JOIN own
            WHERE NOT offered AND (SELECT count(*) FROM watches WHERE user_id = @userId) < @Most
                AND NOT begun AND own.quantity IS DISTINCT FROM held
            ON CONFLICT DO NOTHING
            RETURNING ticket_id
        )
        SELECT
            offered,
            begun,
            EXISTS (SELECT FROM placed)
                OR EXISTS (SELECT FROM watches WHERE ticket_id = @ticketId AND user_id = @userId) AS watching,
            CASE WHEN own.quantity = held THEN own.order_id END AS own_order
        FROM listing CROSS JOIN own
        """;

    public static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        string id,
        ClaimsPrincipal user,
        NpgsqlDataSource database,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(id, "D", out var ticketId))
            return Problems.NotFound("Ticket");

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var results = await connection.QueryMultipleAsync(new CommandDefinition(
            Statement, new { ticketId, userId = user.UserId(), now = clock.GetUtcNow(), Most },
            cancellationToken: cancellationToken));
        await results.ReadAsync();
        await results.ReadAsync();
        return await results.ReadSingleOrDefaultAsync<(bool Offered, bool Begun, bool Watching, Guid? OwnOrder)?>() switch
        {
            null => Problems.NotFound("Ticket"),
            { Watching: true } => TypedResults.NoContent(),
            { Begun: true } => Problems.BadRequest("Sales have ended: the event has begun."),
            { OwnOrder: { } orderId } => HeldByYou(orderId),
            { Offered: true } => Problems.BadRequest("There are tickets right now: reserve some."),
            _ => Problems.BadRequest($"You are waiting for {Most} listings already; give up one of them first."),
        };
    }

    private static ProblemHttpResult HeldByYou(Guid orderId)
    {
        var problem = Problems.BadRequest("You hold these tickets yourself: pay for your order, or cancel it.");
        problem.ProblemDetails.Extensions["orderId"] = orderId;
        return problem;
    }

    /// <summary>Whether the user waits for this listing.</summary>
    public static async Task<Results<Ok<WatchResponse>, ProblemHttpResult>> GetAsync(
        string id, ClaimsPrincipal user, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(id, "D", out var ticketId))
            return Problems.NotFound("Ticket");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return TypedResults.Ok(new WatchResponse(await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM watches WHERE ticket_id = @ticketId AND user_id = @userId)",
            new { ticketId, userId = user.UserId() }, cancellationToken: cancellationToken))));
    }

    /// <summary>The user no longer waits. Nothing is wrong if they did not.</summary>
    public static async Task<Results<NoContent, ProblemHttpResult>> EndAsync(
        string id, ClaimsPrincipal user, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(id, "D", out var ticketId))
            return Problems.NotFound("Ticket");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM watches WHERE ticket_id = @ticketId AND user_id = @userId",
            new { ticketId, userId = user.UserId() }, cancellationToken: cancellationToken));
        return TypedResults.NoContent();
    }
}
