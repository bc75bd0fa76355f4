using Quartz;
using Ticketing.Data;
using Ticketing.ServiceDefaults;

namespace Ticketing.Payments;

/// <summary>
/// Orders that ended unpaid are forgotten after <see cref="RetentionOptions.Days"/>, with their payments and attempts; not while an
/// attempt is not settled, and not if money was ever taken, or was to be and could not.
/// </summary>
/// <remarks>
/// One statement. An order of which somebody talks to Stripe, or whose news are just being taken, is passed over. Where an attempt
/// comes to life while it runs, the attempt stays, its payment's key forbids that the payment goes, and all is as it was before.
/// </remarks>
[DisallowConcurrentExecution]
internal sealed class ForgetUnpaidOrders(Removal removal, Retention retention) : IJob
{
    private const string Statement =
        """
        WITH ended AS MATERIALIZED (
            SELECT id FROM orders
            WHERE status = 'cancelled' AND id < @FirstKept AND (leased_until IS NULL OR leased_until < clock_timestamp())
                AND NOT EXISTS (
                    SELECT FROM payments
                    WHERE order_id = orders.id AND (status NOT IN ('pending', 'released') OR EXISTS (
                        SELECT FROM attempts WHERE payment_id = payments.id AND look_at IS NOT NULL)))
            ORDER BY id LIMIT @BatchSize FOR UPDATE SKIP LOCKED
        ), tried AS (
            DELETE FROM attempts
            WHERE look_at IS NULL AND payment_id = ANY(ARRAY(
                SELECT payment.id FROM ended CROSS JOIN LATERAL (SELECT id FROM payments WHERE order_id = ended.id LIMIT 1) AS payment))
        ), begun AS (
            DELETE FROM payments WHERE status IN ('pending', 'released') AND order_id = ANY(ARRAY(SELECT id FROM ended))
        )
        DELETE FROM orders WHERE id = ANY(ARRAY(SELECT id FROM ended))
        """;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await removal.RunAsync("orders", Statement, new { retention.FirstKept }, cancellationToken);
}
