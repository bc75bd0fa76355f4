using Dapper;
using Npgsql;
using Ticketing.Contracts;
using Ticketing.Data;
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

/// <summary>News of an order.</summary>
/// <param name="Order">How it is.</param>
/// <param name="TraceParent">The trace that the purchase is told in; the first news of an order says which.</param>
internal sealed record OrderNews(Order Order, string? TraceParent)
{
    public static OrderNews Of(Order order) => new(order, Outbox.TraceParent);

    public static OrderNews Of(OrderState state, string? traceParent) => new(Order.Of(state), traceParent ?? Outbox.TraceParent);
}

/// <summary>The replica's SQL.</summary>
internal static class OrderReplica
{
    /// <summary>The order and its payment, each null if there is none.</summary>
    public static async Task<(Order? Order, Payment? Payment)> Find(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken)
    {
        await using var rows = await connection.QueryMultipleAsync(new CommandDefinition(
            $"SELECT id, user_id, status, quantity, amount, currency, title, version FROM orders WHERE id = @id; {PaymentRows.ByOrder}",
            new { id }, cancellationToken: cancellationToken));
        return (await rows.ReadSingleOrDefaultAsync<Order>(), PaymentRows.Read(rows).SingleOrDefault());
    }

    /// <summary>The order, which stays as it is until the transaction ends.</summary>
    public static Task<Order> Lock(NpgsqlTransaction transaction, Guid id, CancellationToken cancellationToken) =>
        transaction.Connection!.QuerySingleAsync<Order>(new CommandDefinition(
            "SELECT id, user_id, status, quantity, amount, currency, title, version FROM orders WHERE id = @id FOR UPDATE",
            new { id }, transaction, cancellationToken: cancellationToken));

    /// <summary>
    /// Takes what Orders says of orders, unless something newer is known already. It may be known no longer (<see cref="ForgetUnpaidOrders"/>):
    /// an unpaid order that is older than <see cref="Retention.FirstHeeded"/> is no news, and only changes what is still there.
    /// </summary>
    public static Task Apply(
        NpgsqlConnection connection, IReadOnlyList<OrderNews> news, Guid firstHeeded, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(Applied, Columns(news, firstHeeded), cancellationToken: cancellationToken));

    /// <summary>
    /// The same, and the payments that the orders have. They are read in a statement of its own: it sees a payment that was
    /// begun while the first one waited for the order's row.
    /// </summary>
    public static async Task<IReadOnlyList<Payment>> ApplyAndFindPayments(
        NpgsqlConnection connection, IReadOnlyList<OrderNews> news, Guid firstHeeded, CancellationToken cancellationToken)
    {
        await using var rows = await connection.QueryMultipleAsync(new CommandDefinition(
            $"{Applied}; {PaymentRows.ByOrders}", Columns(news, firstHeeded), cancellationToken: cancellationToken));
        return [.. PaymentRows.Read(rows)];
    }

    // In the order of the ids, so that no two transactions wait for each other.
    private const string Applied =
        """
        INSERT INTO orders (id, user_id, status, quantity, amount, currency, title, version, trace_parent)
        SELECT DISTINCT ON (id) *
        FROM unnest(@ids, @userIds, @statuses, @quantities, @amounts, @currencies, @titles, @versions, @traceParents)
            AS news (id, user_id, status, quantity, amount, currency, title, version, trace_parent)
        WHERE status = 'complete' OR id >= @firstHeeded
            OR EXISTS (SELECT FROM orders WHERE orders.id = news.id AND orders.version < news.version)
        ORDER BY id, version DESC
        ON CONFLICT (id) DO UPDATE
        SET status = excluded.status, amount = excluded.amount, version = excluded.version
        WHERE orders.version < excluded.version
        """;

    private static object Columns(IReadOnlyList<OrderNews> news, Guid firstHeeded)
    {
        return new
        {
            firstHeeded,
            ids = All(order => order.Id), userIds = All(order => order.UserId), statuses = All(order => order.Status),
            quantities = All(order => order.Quantity), amounts = All(order => order.Amount), currencies = All(order => order.Currency),
            titles = All(order => order.Title), versions = All(order => order.Version),
            traceParents = news.Select(one => one.TraceParent).ToArray(),
        };

        T[] All<T>(Func<Order, T> column) => [.. news.Select(one => column(one.Order))];
    }
}
