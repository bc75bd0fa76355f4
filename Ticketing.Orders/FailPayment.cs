using Dapper;
using Npgsql;
using Ticketing.Contracts;
using Ticketing.Data;
using Ticketing.Messaging;

namespace Ticketing.Orders;

/// <summary>
/// A payment failed. A declined attempt gives the order back its own end, with at least <see cref="SecondChance"/>
/// left to try another card, but no more time than it had: nobody gains any by declined cards. A capture that failed
/// for good undoes the sale.
/// </summary>
internal sealed class FailPayment(NpgsqlDataSource database, Outbox outbox, TimeProvider clock)
    : IHandleEvents<PaymentFailed>
{
    private static readonly TimeSpan SecondChance = TimeSpan.FromSeconds(10);

    private const string Reopen =
        """
        WITH reopened AS (
            UPDATE orders SET
                status = 'created',
                expires_at = least(expires_at, greatest(hold_ends_at, @now + @secondChance)),
                payment_status = @status,
                payment_version = @version,
                version = version + 1
            WHERE id = @orderId AND status IN ('created', 'awaiting:payment') AND payment_version < @version
            RETURNING *
        ), published AS (
            INSERT INTO outbox (type, body, trace_parent)
            SELECT 'OrderPaymentStateChanged', order_event(reopened::orders), @traceParent FROM reopened
        )
        SELECT count(*) FROM reopened
        """;

    private const string Undo =
        """
        WITH undone AS (
            UPDATE orders SET
                status = 'cancelled',
                reason = 'payment_failed',
                payment_status = @status,
                payment_version = greatest(payment_version, @version),
                version = version + 1
            WHERE id = @orderId AND status = 'complete' AND payment_id = @id AND payment_intent_id = @intentId
            RETURNING *
        ), freed AS (
            UPDATE listings SET available = available + undone.quantity
            FROM undone WHERE listings.id = undone.ticket_id
        ), published AS (
            INSERT INTO outbox (type, body, trace_parent)
            SELECT 'OrderCancelled', order_event(undone::orders), @traceParent FROM undone
        )
        SELECT count(*) FROM undone
        """;

    public Task HandleAsync(IReadOnlyList<ReceivedEvent<PaymentFailed>> events, CancellationToken cancellationToken) =>
        events.HandleEachAsync((failed, token) => FailAsync(failed.Payment, token), cancellationToken);

    private async Task FailAsync(PaymentState payment, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var changed = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            payment.Status == PaymentStatus.Failed ? Undo : Reopen,
            new
            {
                payment.Id, payment.OrderId, payment.IntentId, payment.Status, payment.Version,
                now = clock.GetUtcNow(), SecondChance, Outbox.TraceParent,
            },
            cancellationToken: cancellationToken));
        if (changed > 0)
            outbox.Wake();
    }
}
