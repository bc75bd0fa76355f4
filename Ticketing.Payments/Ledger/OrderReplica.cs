using Dapper;
using Npgsql;
using Ticketing.Contracts;
using Ticketing.ServiceDefaults;

namespace Ticketing.Payments;

/// <summary>What Payments knows of an order.</summary>
/// <param name="Amount">Minor units.</param>
internal sealed record Order(
    Guid Id, Guid UserId, string Status, int Quantity, long Amount, string Currency, string Title, int Version)
{
    /// <summary>Whether a payment may be started.</summary>
    public bool Open => Status is OrderStatus.Created or OrderStatus.AwaitingPayment;

    public static Order Of(OrderState state) => new(
        state.Id, state.UserId, state.Status, state.Quantity, state.Amount, state.Currency, state.TicketTitle, state.Version);
}

/// <summary>The replica's SQL.</summary>
internal static class OrderReplica
{
    public static Task<Order?> Find(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<Order>(new CommandDefinition(
            "SELECT id, user_id, status, quantity, amount, currency, title, version FROM orders WHERE id = @id",
            new { id }, cancellationToken: cancellationToken));

    /// <summary>The order, which stays as it is until the transaction ends.</summary>
    public static Task<Order> Lock(NpgsqlTransaction transaction, Guid id, CancellationToken cancellationToken) =>
        transaction.Connection!.QuerySingleAsync<Order>(new CommandDefinition(
            "SELECT id, user_id, status, quantity, amount, currency, title, version FROM orders WHERE id = @id FOR UPDATE",
            new { id }, transaction, cancellationToken: cancellationToken));

    /// <summary>Takes what Orders says, unless something newer is known already.</summary>
    public static Task Apply(NpgsqlConnection connection, Order order, NpgsqlTransaction? transaction, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO orders (id, user_id, status, quantity, amount, currency, title, version, trace_parent)
            VALUES (@Id, @UserId, @Status, @Quantity, @Amount, @Currency, @Title, @Version, @TraceParent)
            ON CONFLICT (id) DO UPDATE
            SET status = excluded.status, amount = excluded.amount, version = excluded.version
            WHERE orders.version < excluded.version
            """,
            new
            {
                order.Id, order.UserId, order.Status, order.Quantity, order.Amount, order.Currency, order.Title, order.Version,
                Outbox.TraceParent,
            },
            transaction, cancellationToken: cancellationToken));
}
