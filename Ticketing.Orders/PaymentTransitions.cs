using Npgsql;
using Ticketing.Contracts;
using Ticketing.Data;

namespace Ticketing.Orders;

/// <summary>
/// What the payments of a message mean for their orders: a statement for each, all in one round trip and one transaction. Where
/// there are several, their orders are locked first in the order of their ids, and then the listings whose tickets may be taken
/// again, so that no two transactions wait for each other.
/// </summary>
internal static class PaymentTransitions
{
    private const string LockOrders = "SELECT FROM orders WHERE id = ANY(@orderIds) ORDER BY id FOR UPDATE";

    private const string LockListings =
        """
        SELECT FROM listings
        WHERE id IN (SELECT ticket_id FROM orders WHERE id = ANY(@orderIds) AND status = 'cancelled' AND reason = 'expired')
        ORDER BY id FOR NO KEY UPDATE
        """;

    /// <summary>Runs a statement for each payment.</summary>
    /// <param name="database">The orders' database.</param>
    /// <param name="payments">At least one, each with the trace that it belongs to.</param>
    /// <param name="statement">Returns one row of two counts.</param>
    /// <param name="parameters">What the statement needs beyond the payment, which is in <c>@id</c>, <c>@orderId</c> and so on.</param>
    /// <param name="lockFirst">
    /// Whether an order is locked beforehand also if it is the only one: the statement's snapshot then sees what was committed by
    /// whoever had the lock.
    /// </param>
    /// <param name="cancellationToken">Gives up; all of it may be done, or nothing.</param>
    /// <returns>The sums of the counts.</returns>
    public static async Task<(long First, long Second)> ApplyAsync(
        this NpgsqlDataSource database, IReadOnlyList<(PaymentState Payment, string? TraceParent)> payments, string statement,
        (string Name, object Value)[] parameters, bool lockFirst, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        var orderIds = payments.Select(told => told.Payment.OrderId).ToArray();
        if (lockFirst || payments.Count > 1)
            Add(LockOrders, ("orderIds", orderIds));
        if (payments.Count > 1)
            Add(LockListings, ("orderIds", orderIds));
        var locks = batch.BatchCommands.Count;
        foreach (var (payment, trace) in payments)
        {
            Add(statement, [
                ("id", payment.Id), ("orderId", payment.OrderId), ("intentId", payment.IntentId), ("status", payment.Status),
                ("version", payment.Version), ("at", payment.At.ToUniversalTime()), ("traceParent", (object?)(trace ?? Outbox.TraceParent) ?? DBNull.Value),
                .. parameters]);
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        for (var passed = 0; passed < locks; passed++)
            await reader.NextResultAsync(cancellationToken);
        var (first, second) = (0L, 0L);
        do
        {
            await reader.ReadAsync(cancellationToken);
            (first, second) = (first + reader.GetInt64(0), second + reader.GetInt64(1));
        }
        while (await reader.NextResultAsync(cancellationToken));
        return (first, second);

        void Add(string text, params IEnumerable<(string Name, object Value)> values)
        {
            var command = new NpgsqlBatchCommand(text);
            foreach (var (name, value) in values.Where(value => text.Contains($"@{value.Name}", StringComparison.Ordinal)))
                command.Parameters.Add(new NpgsqlParameter(name, value));
            batch.BatchCommands.Add(command);
        }
    }
}
