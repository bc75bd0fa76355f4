namespace Ticketing.Orders;

/// <summary>Tells the present state of every order again, for a consumer that is new or was restored.</summary>
internal static class RepublishOrders
{
    /// <summary>
    /// One page; see <see cref="Data.Republishing"/>. An order that awaits its payment is told as created,
    /// with its state of now: all who keep orders hear that, also Tickets, which hears of no payments. A refusal is told
    /// again too: the verdict is given once, and where it was lost with the broker, money would stay held.
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
        ), refused AS (
            INSERT INTO outbox (type, body)
            SELECT
                'PaymentRefused',
                jsonb_build_object(
                    'orderId', page.id, 'paymentId', verdicts.payment_id, 'paymentIntentId', verdicts.payment_intent_id,
                    'reason', CASE page.status WHEN 'complete' THEN 'already_paid' ELSE 'cancelled' END)
            FROM page JOIN verdicts ON verdicts.order_id = page.id
            WHERE verdicts.payment_intent_id IS DISTINCT FROM page.payment_intent_id
        )
        SELECT id FROM page ORDER BY id
        """;
}
