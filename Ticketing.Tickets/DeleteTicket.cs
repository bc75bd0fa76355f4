using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Data;

namespace Ticketing.Tickets;

/// <summary>A seller withdraws a listing of which nothing is reserved or sold. A versioned tombstone stays.</summary>
internal static class DeleteTicket
{
    private const string Statement =
        """
        WITH deleted AS (
            UPDATE tickets SET deleted_at = @now, version = version + 1
            WHERE id = @ticketId AND seller_id = @sellerId AND deleted_at IS NULL AND held = 0 AND sold = 0
            RETURNING tickets AS listing
        ), published AS (
            INSERT INTO outbox (type, body, trace_parent)
            SELECT 'TicketDeleted', ticket_event(listing), @traceParent FROM deleted
        )
        SELECT count(*) FROM deleted
        """;

    public static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        string id,
        ClaimsPrincipal user,
        NpgsqlDataSource database,
        Outbox outbox,
        AvailabilityPublisher availability,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(id, "D", out var ticketId))
            return Problems.NotFound("Ticket");
        var sellerId = user.UserId();

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        while (true)
        {
            var deleted = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
                Statement,
                new { ticketId, sellerId, now = clock.GetUtcNow(), Outbox.TraceParent },
                cancellationToken: cancellationToken));
            if (deleted > 0)
            {
                outbox.Wake();
                availability.Changed([ticketId]);
                return TypedResults.NoContent();
            }

            var present = await GetTicket.ReadAsync(connection, ticketId, cancellationToken);
            if (Refuse(sellerId, present) is { } refusal)
                return refusal;
            // What stood in the way has gone between the two statements.
        }
    }

    /// <summary>Why the listing, as it is now, cannot be withdrawn; null if it could.</summary>
    private static ProblemHttpResult? Refuse(Guid sellerId, Listing? present) => present switch
    {
        null => Problems.NotFound("Ticket"),
        _ when present.SellerId != sellerId => Problems.NotOwner(),
        { Held: > 0 } => Problems.BadRequest("Some of these tickets are reserved right now. A reservation lasts a minute, and up to two more while the buyer pays: try again then."),
        { Sold: > 0 } => Problems.BadRequest("Some of these tickets are sold; the listing stays."),
        _ => null,
    };
}
