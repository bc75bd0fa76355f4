using Npgsql;
using Ticketing.Data;

namespace Ticketing.Tickets.Watches;

/// <summary>
/// Tells those who wait for a listing that it has tickets again, first come, first told: each watch ends with exactly one
/// notification. At most 500 at once, since those who buy wait meanwhile; the rest of a crowd is told by
/// <see cref="TellRemainingWatchers"/>. What cannot be bought any more, since the event has begun, is told to nobody.
/// </summary>
/// <remarks>
/// Goes last into every transaction that may make something available, after the listings were locked and changed in
/// statements before it. Whoever places a watch holds the same lock: so either the watch is there to be seen here, or the
/// one who places it sees that there are tickets. For a listing that nobody watches it costs one look into an index.
/// </remarks>
internal static class TellWatchers
{
    /// <summary>Parameters: <c>ticketIds</c>, the listings; <c>now</c>; <c>traceParent</c>.</summary>
    private const string Statement =
        """
        WITH back AS (
            SELECT id, title FROM tickets WHERE id = ANY(@ticketIds) AND offered AND (starts_at IS NULL OR starts_at > @now)
        ), told AS (
            DELETE FROM watches USING back
            WHERE watches.ticket_id = back.id AND watches.ctid = ANY (ARRAY(
                SELECT first.ctid
                FROM back CROSS JOIN LATERAL (
                    SELECT ctid, created_at FROM watches WHERE ticket_id = back.id ORDER BY created_at, user_id LIMIT 500) AS first
                ORDER BY first.created_at LIMIT 500))
            RETURNING uuid_v7(@now) AS id, watches.user_id, watches.ticket_id, watches.created_at, back.title
        ), noted AS (
            INSERT INTO notifications (id, user_id, ticket_id, title, created_at)
            SELECT id, user_id, ticket_id, title, @now FROM told
        ), remaining AS (
            INSERT INTO listings_to_tell (ticket_id)
            SELECT id FROM back WHERE (SELECT count(*) FROM told) = 500
            ON CONFLICT DO NOTHING
        )
        INSERT INTO outbox (type, body, trace_parent)
        SELECT
            'BackOnSale',
            jsonb_build_object(
                'ticketId', ticket_id, 'title', title, 'at', @now,
                'notices', jsonb_agg(jsonb_build_object('id', id, 'userId', user_id) ORDER BY created_at, user_id)),
            @traceParent
        FROM told
        GROUP BY ticket_id, title
        """;

    /// <summary>The statement with its parameters, to be the last of a batch.</summary>
    public static NpgsqlBatchCommand Command(Guid[] ticketIds, TimeProvider clock) => new(Statement)
    {
        Parameters =
        {
            new("ticketIds", ticketIds),
            new("now", clock.GetUtcNow()),
            new("traceParent", (object?)Outbox.TraceParent ?? DBNull.Value),
        },
    };
}
