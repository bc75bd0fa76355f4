using Npgsql;
using Ticketing.Contracts;
using Ticketing.Data;
using Ticketing.Messaging;

namespace Ticketing.Orders;

/// <summary>
/// Answers an authorized payment with exactly one verdict: the order is complete, or the money is refused. A payment
/// that comes after the hold ran out still completes the order if its tickets can be taken again; one for an order
/// that the buyer cancelled, that is paid already, or whose listing was withdrawn meanwhile, does not.
/// </summary>
/// <remarks>
/// The row in <c>verdicts</c> makes a repeated authorization harmless; for an order that is not there, or not any more
/// (<see cref="ForgetUnpaidOrders"/>), there is none, and each authorization is refused. The order is locked before the statement,
/// whose snapshot so sees the stock that an expiry freed while this one waited for the lock.
/// </remarks>
internal sealed class DecidePayment(NpgsqlDataSource database, Outbox outbox, TimeProvider clock)
    : IHandleEvents<PaymentAuthorized>
{
    private const string Statement =
        """
        WITH verdict AS (
            INSERT INTO verdicts (payment_intent_id, payment_id, order_id, decided_at)
            SELECT @intentId, @id, @orderId, @now FROM orders WHERE id = @orderId
            ON CONFLICT DO NOTHING
            RETURNING payment_intent_id
        ), candidate AS MATERIALIZED (
            SELECT * FROM orders WHERE id = @orderId AND EXISTS (SELECT FROM verdict)
        ), retaken AS (
            UPDATE listings SET available = available - candidate.quantity
            FROM candidate
            WHERE listings.id = candidate.ticket_id
                AND candidate.status = 'cancelled' AND candidate.reason = 'expired'
                AND NOT listings.deleted AND listings.available >= candidate.quantity
            RETURNING listings.id
        ), completed AS (
            UPDATE orders SET
                status = 'complete',
                reason = NULL,
                unpaid_at = NULL,
                payment_id = @id,
                payment_intent_id = @intentId,
                payment_status = @status,
                payment_version = greatest(orders.payment_version, @version),
                completed_at = @now,
                version = orders.version + 1
            FROM candidate
            WHERE orders.id = candidate.id
                AND (candidate.status IN ('created', 'awaiting:payment') OR EXISTS (SELECT FROM retaken))
            RETURNING orders.*
        ), published AS (
            INSERT INTO outbox (type, body, trace_parent)
            SELECT 'OrderCompleted', order_event(completed::orders), @traceParent FROM completed
            UNION ALL
            SELECT
                'PaymentRefused',
                jsonb_build_object(
                    'orderId', @orderId, 'paymentId', @id, 'paymentIntentId', @intentId,
                    'reason', coalesce((
                        SELECT CASE
                            WHEN status = 'complete' THEN 'already_paid'
                            WHEN reason = 'expired' THEN 'sold_out'
                            ELSE 'cancelled'
                        END
                        FROM candidate), 'unknown_order')),
                @traceParent
            WHERE (EXISTS (SELECT FROM verdict) AND NOT EXISTS (SELECT FROM completed))
                OR NOT EXISTS (SELECT FROM orders WHERE id = @orderId)
            RETURNING seq
        )
        SELECT (SELECT count(*) FROM published) AS verdicts, (SELECT count(*) FROM completed) AS completed
        """;

    public async Task HandleAsync(IReadOnlyList<ReceivedEvent<PaymentAuthorized>> events, CancellationToken cancellationToken)
    {
        var (verdicts, completed) = await database.ApplyAsync(
            [.. events.Select(authorized => (authorized.Event.Payment, authorized.TraceParent))], Statement, [("now", clock.GetUtcNow())],
            lockFirst: true, cancellationToken);
        if (verdicts > 0)
            outbox.Wake(OutboxLane.Money);
        OrderMetrics.Completed.Add(completed);
    }
}
