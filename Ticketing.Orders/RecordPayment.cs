using Dapper;
using Npgsql;
using Ticketing.Contracts;
using Ticketing.Messaging;

namespace Ticketing.Orders;

/// <summary>Notes on the order what became of its money, for people who look into a case. Decides nothing.</summary>
internal sealed class RecordPayment(NpgsqlDataSource database) : IHandleEvents<PaymentCaptured>, IHandleEvents<PaymentReleased>
{
    public Task HandleAsync(IReadOnlyList<ReceivedEvent<PaymentCaptured>> events, CancellationToken cancellationToken) =>
        RecordAsync([.. events.Select(captured => captured.Event.Payment)], cancellationToken);

    public Task HandleAsync(IReadOnlyList<ReceivedEvent<PaymentReleased>> events, CancellationToken cancellationToken) =>
        RecordAsync([.. events.Select(released => released.Event.Payment)], cancellationToken);

    // The orders are locked in the order of their ids, as everywhere.
    private async Task RecordAsync(IReadOnlyList<PaymentState> payments, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            WITH told AS (
                SELECT DISTINCT ON (order_id) *
                FROM unnest(@orderIds, @statuses, @versions) AS payment (order_id, status, version)
                ORDER BY order_id, version DESC
            ), locked AS MATERIALIZED (
                SELECT orders.id FROM orders JOIN told ON told.order_id = orders.id ORDER BY orders.id FOR UPDATE OF orders
            )
            UPDATE orders SET payment_status = told.status, payment_version = told.version
            FROM told JOIN locked ON locked.id = told.order_id
            WHERE orders.id = locked.id AND orders.payment_version < told.version
            """,
            new
            {
                orderIds = payments.Select(payment => payment.OrderId).ToArray(),
                statuses = payments.Select(payment => payment.Status).ToArray(),
                versions = payments.Select(payment => payment.Version).ToArray(),
            },
            cancellationToken: cancellationToken));
    }
}
