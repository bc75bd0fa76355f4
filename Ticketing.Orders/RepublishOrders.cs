namespace Ticketing.Orders;

/// <summary>Tells the present state of every order again, for a consumer that is new or was restored.</summary>
internal static class RepublishOrders
{
    /// <summary>
    /// One page; see <see cref="ServiceDefaults.Republishing"/>. An order that awaits its payment is told as created,
    /// with its state of now: all who keep orders hear that, also Tickets, which hears of no payments.
    /// </summary>
    public const string Page =
        """
        WITH page AS (
            SELECT * FROM orders WHERE id > @after ORDER BY id LIMIT @size
        ), published AS (
            INSERT INTO outbox (type, body)
            SELECT
                CASE status
                    WHEN 'complete' THEN 'OrderCompleted'
                    WHEN 'cancelled' THEN 'OrderCancelled'
                    ELSE 'OrderCreated'
                END,
                order_event(page::orders)
            FROM page ORDER BY id
        )
        SELECT id FROM page ORDER BY id
        """;
}
