using MassTransit;
using Npgsql;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>
/// Keeps what each order holds or bought, and the listing's totals of that. Orders decides; here it is only told, so
/// that buyers see what is left and sellers cannot change what is reserved.
/// </summary>
/// <remarks>
/// Events may come twice, in any order, and two of one order to two consumers at once. A row takes only a newer
/// version; the totals change by the difference between the row before and after. To know the row before, the listing is
/// locked first, in a statement of its own: the second statement then sees all that was committed by whoever had
/// the lock. Both go in one batch, which is one round trip and one transaction.
/// An order of an unknown listing leaves its row, and there are no totals to change.
/// </remarks>
internal sealed class TrackReservations(NpgsqlDataSource database)
    : IConsumer<OrderCreated>, IConsumer<OrderCancelled>, IConsumer<OrderCompleted>
{
    private const string Lock = "SELECT FROM tickets WHERE id = $1 FOR NO KEY UPDATE";

    private const string Apply =
        """
        WITH before AS (
            SELECT held, sold FROM reservations WHERE order_id = $1
        ), after AS (
            INSERT INTO reservations AS present (order_id, ticket_id, quantity, state, version)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (order_id) DO UPDATE
                SET quantity = excluded.quantity, state = excluded.state, version = excluded.version
                WHERE present.version < excluded.version
            RETURNING ticket_id, held, sold
        )
        UPDATE tickets SET
            held = tickets.held + after.held - coalesce(before.held, 0),
            sold = tickets.sold + after.sold - coalesce(before.sold, 0)
        FROM after LEFT JOIN before ON true
        WHERE tickets.id = after.ticket_id
        """;

    public Task Consume(ConsumeContext<OrderCreated> context) =>
        ApplyAsync(context.Message.Order, context.CancellationToken);

    public Task Consume(ConsumeContext<OrderCancelled> context) =>
        ApplyAsync(context.Message.Order, context.CancellationToken);

    public Task Consume(ConsumeContext<OrderCompleted> context) =>
        ApplyAsync(context.Message.Order, context.CancellationToken);

    internal async Task ApplyAsync(OrderState order, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Lock) { Parameters = { new() { Value = order.TicketId } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Apply)
        {
            Parameters =
            {
                new() { Value = order.Id },
                new() { Value = order.TicketId },
                new() { Value = order.Quantity },
                new() { Value = StateOf(order) },
                new() { Value = order.Version },
            },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>By the order's own state, whichever event brought it: it is told whole.</summary>
    internal static string StateOf(OrderState order) => order.Status switch
    {
        OrderStatus.Created or OrderStatus.AwaitingPayment => "held",
        OrderStatus.Complete => "sold",
        OrderStatus.Cancelled => "freed",
        _ => throw new ArgumentException($"Order {order.Id} has the unknown status '{order.Status}'.", nameof(order)),
    };
}
