using Quartz;
using Ticketing.Data;
using Ticketing.ServiceDefaults;

namespace Ticketing.Orders;

/// <summary>
/// Orders that ended without ever being sold are forgotten after <see cref="RetentionOptions.Days"/>, with the verdicts on their
/// payments; those of which a payment was begun after twice that time.
/// </summary>
/// <remarks>
/// An order that a payment, a cancellation or an expiry is just changing is passed over; whatever comes for it afterwards finds it
/// gone: money is refused (<see cref="DecidePayment"/>), a request is 404, anything else changes nothing.
/// </remarks>
[DisallowConcurrentExecution]
internal sealed class ForgetUnpaidOrders(Removal removal, Retention retention) : IJob
{
    // The conditions are looked at again when the row is locked, and nobody changes it from then on.
    private const string Statement =
        """
        WITH ended AS MATERIALIZED (
            SELECT id FROM orders
            WHERE status = 'cancelled' AND completed_at IS NULL AND (payment_id IS NOT NULL) = @begun AND id < @firstKept
            ORDER BY id LIMIT @BatchSize FOR UPDATE SKIP LOCKED
        ), judged AS (
            DELETE FROM verdicts WHERE order_id = ANY(ARRAY(SELECT id FROM ended))
        )
        DELETE FROM orders WHERE id = ANY(ARRAY(SELECT id FROM ended))
        """;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await removal.RunAsync("orders", Statement, new { begun = false, retention.FirstKept }, cancellationToken);
        await removal.RunAsync("orders", Statement, new { begun = true, firstKept = retention.FirstKeptOfBegun }, cancellationToken);
    }
}
