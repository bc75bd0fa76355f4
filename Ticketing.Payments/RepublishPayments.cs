namespace Ticketing.Payments;

/// <summary>Tells every payment's present state again, by the attempt that decides it.</summary>
internal static class RepublishPayments
{
    /// <summary>One page; see <see cref="Data.Republishing"/>.</summary>
    public const string Page =
        """
        WITH page AS (
            SELECT * FROM payments WHERE id > @after ORDER BY id LIMIT @size
        ), deciding AS (
            SELECT DISTINCT ON (payment_id) attempts.*
            FROM attempts JOIN page ON page.id = attempts.payment_id
            ORDER BY payment_id,
                array_position(ARRAY['Captured', 'Authorized', 'Failed', 'RequiresAction', 'Released', 'Stopped'], state) NULLS LAST,
                number DESC
        ), published AS (
            INSERT INTO outbox (type, body)
            SELECT
                CASE page.status
                    WHEN 'authorized' THEN 'PaymentAuthorized'
                    WHEN 'captured' THEN 'PaymentCaptured'
                    WHEN 'released' THEN 'PaymentReleased'
                    WHEN 'failed' THEN 'PaymentFailed'
                    ELSE CASE deciding.state WHEN 'Declined' THEN 'PaymentFailed' ELSE 'PaymentStarted' END
                END,
                jsonb_strip_nulls(jsonb_build_object(
                    'payment', jsonb_build_object(
                        'id', page.id, 'orderId', page.order_id, 'userId', page.user_id,
                        'intentId', coalesce(deciding.intent_id, ''), 'attempt', deciding.number, 'status', page.status,
                        'amount', page.amount, 'currency', page.currency, 'failure', deciding.failure,
                        'at', to_char(page.changed_at AT TIME ZONE 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'version', page.version)))
            FROM page JOIN deciding ON deciding.payment_id = page.id
        )
        SELECT id FROM page ORDER BY id
        """;
}
