using System.Collections.Concurrent;
using Npgsql;
using Ticketing.Contracts;
using Ticketing.ServiceDefaults;

namespace Ticketing.Tickets;

/// <summary>
/// Writes reservations and the totals of their listings. Those that arrive while one transaction runs are put together
/// into the next one: on the morning of a sale all are for the same listing, whose row only one transaction at a time
/// can change.
/// </summary>
/// <remarks>
/// Events may come twice, in any order, and two of one order to two replicas at once. A row takes only a newer version;
/// the totals change by the difference between the row before and after. To know the row before, the listings are
/// locked first, in a statement of its own: the second statement then sees all that was committed by whoever had the
/// locks. Both go in one batch, which is one round trip and one transaction; everybody locks in the order of ids.
/// An order of an unknown listing leaves its row, and there are no totals to change.
/// </remarks>
internal sealed class ReservationLedger(NpgsqlDataSource database) : IDisposable
{
    private const string Lock = "SELECT FROM tickets WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE";

    private const string Enter =
        """
        WITH incoming AS (
            SELECT DISTINCT ON (order_id) *
            FROM unnest($1, $2, $3, $4, $5, $6) AS event (order_id, ticket_id, quantity, state, version, user_id)
            ORDER BY order_id, version DESC
        ), before AS (
            SELECT order_id, reservations.held, reservations.sold FROM reservations JOIN incoming USING (order_id)
        ), after AS (
            INSERT INTO reservations AS present (order_id, ticket_id, quantity, state, version, user_id)
            SELECT order_id, ticket_id, quantity, state, version, user_id FROM incoming
            ON CONFLICT (order_id) DO UPDATE
                SET quantity = excluded.quantity, state = excluded.state, version = excluded.version,
                    user_id = excluded.user_id
                WHERE present.version < excluded.version
                    -- Entered by an older version, which did not keep whose it is.
                    OR (present.version = excluded.version AND present.user_id IS NULL)
            RETURNING order_id, ticket_id, held, sold
        ), difference AS (
            SELECT
                after.ticket_id,
                sum(after.held - coalesce(before.held, 0)) AS held,
                sum(after.sold - coalesce(before.sold, 0)) AS sold
            FROM after LEFT JOIN before USING (order_id)
            GROUP BY after.ticket_id
        )
        UPDATE tickets SET held = tickets.held + difference.held, sold = tickets.sold + difference.sold
        FROM difference WHERE tickets.id = difference.ticket_id
        """;

    private readonly ConcurrentQueue<Entry> waiting = new();
    private readonly SemaphoreSlim writing = new(1);

    /// <summary>Enters an order's state, unless it or a newer one is entered already.</summary>
    /// <param name="order">By its own state, whichever event brought it: it is told whole.</param>
    /// <param name="cancellationToken">Ends the wait; the order may be entered all the same.</param>
    public async Task EnterAsync(OrderState order, CancellationToken cancellationToken)
    {
        var entry = new Entry(order, StateOf(order));
        waiting.Enqueue(entry);
        // Whose turn it is writes for all who wait. The others find it done.
        await writing.WaitAsync(cancellationToken);
        try
        {
            if (!entry.Written.IsCompleted)
                await WriteAllAsync();
        }
        finally
        {
            writing.Release();
        }
        await entry.Written;
    }

    public void Dispose() => writing.Dispose();

    private async Task WriteAllAsync()
    {
        var entries = new List<Entry>();
        while (waiting.TryDequeue(out var entry))
            entries.Add(entry);
        try
        {
            await WriteAsync(entries);
            entries.ForEach(entry => entry.Succeed());
        }
        catch (Exception exception) when (TransientFailure.Is(exception))
        {
            entries.ForEach(entry => entry.Fail(exception));
        }
        catch (Exception)
        {
            // One that cannot be written must not take the others with it.
            foreach (var entry in entries)
                await WriteAloneAsync(entry);
        }
    }

    private async Task WriteAloneAsync(Entry entry)
    {
        try
        {
            await WriteAsync([entry]);
            entry.Succeed();
        }
        catch (Exception exception)
        {
            entry.Fail(exception);
        }
    }

    private async Task WriteAsync(IReadOnlyList<Entry> entries)
    {
        var tickets = entries.Select(entry => entry.Order.TicketId).ToArray();
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Lock) { Parameters = { new() { Value = tickets } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Enter)
        {
            Parameters =
            {
                new() { Value = entries.Select(entry => entry.Order.Id).ToArray() },
                new() { Value = tickets },
                new() { Value = entries.Select(entry => entry.Order.Quantity).ToArray() },
                new() { Value = entries.Select(entry => entry.State).ToArray() },
                new() { Value = entries.Select(entry => entry.Order.Version).ToArray() },
                new() { Value = entries.Select(entry => entry.Order.UserId).ToArray() },
            },
        });
        // Without a token: it is the work of many, and the command has its own time limit.
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private static string StateOf(OrderState order) => order.Status switch
    {
        OrderStatus.Created or OrderStatus.AwaitingPayment => "held",
        OrderStatus.Complete => "sold",
        OrderStatus.Cancelled => "freed",
        _ => throw new ArgumentException($"Order {order.Id} has the unknown status '{order.Status}'.", nameof(order)),
    };

    private sealed class Entry(OrderState order, string state)
    {
        private readonly TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public OrderState Order => order;

        public string State => state;

        public Task Written => written.Task;

        public void Succeed() => written.SetResult();

        public void Fail(Exception exception) => written.SetException(exception);
    }
}
