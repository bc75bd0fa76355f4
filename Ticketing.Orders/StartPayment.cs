using Microsoft.Extensions.Options;
using Npgsql;
using Ticketing.Contracts;
using Ticketing.Data;
using Ticketing.Messaging;

namespace Ticketing.Orders;

/// <summary>
/// A buyer started to pay: the hold is prolonged, so that 3-D Secure can be finished, to the earlier of the payment's
/// start and the hold's own end, each with the grace on top; never shortened, and never longer than that by starting
/// again.
/// </summary>
internal sealed class StartPayment(NpgsqlDataSource database, Outbox outbox, IOptions<OrdersOptions> options)
    : IHandleEvents<PaymentStarted>
{
    private const string Statement =
        """
        WITH started AS (
            UPDATE orders SET
                status = 'awaiting:payment',
                expires_at = greatest(expires_at, least(hold_ends_at, @at) + @grace),
                payment_id = @id,
                payment_status = @status,
                payment_version = @version,
                version = version + 1
            WHERE id = @orderId AND status IN ('created', 'awaiting:payment') AND payment_version < @version
            RETURNING *
        ), published AS (
            INSERT INTO outbox (type, body, trace_parent)
            SELECT 'OrderPaymentStateChanged', order_event(started::orders), @traceParent FROM started
        )
        SELECT count(*), 0::bigint FROM started
        """;

    public async Task HandleAsync(IReadOnlyList<ReceivedEvent<PaymentStarted>> events, CancellationToken cancellationToken)
    {
        var (started, _) = await database.ApplyAsync(
            [.. events.Select(started => (started.Event.Payment, started.TraceParent))], Statement, [("grace", options.Value.PaymentGrace)],
            lockFirst: false, cancellationToken);
        if (started > 0)
            outbox.Wake();
    }
}
