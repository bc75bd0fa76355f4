namespace Ticketing.Tickets;

/// <summary>Tells every listing's present state again, withdrawn ones included.</summary>
internal static class RepublishTickets
{
    /// <summary>One page; see <see cref="Data.Republishing"/>.</summary>
    public const string Page =
        """
        WITH page AS (
            SELECT t AS listing, t.id, t.version, t.deleted_at FROM tickets t WHERE t.id > @after ORDER BY t.id LIMIT @size
        ), published AS (
            INSERT INTO outbox (type, body)
            SELECT
                CASE
                    WHEN deleted_at IS NOT NULL THEN 'TicketDeleted'
                    WHEN version = 0 THEN 'TicketCreated'
                    ELSE 'TicketUpdated'
                END,
                ticket_event(listing)
            FROM page
        )
        SELECT id FROM page ORDER BY id
        """;
}
