using Dapper;
using MassTransit;
using Npgsql;
using Quartz;
using Ticketing.Contracts;
using Ticketing.Data;

namespace Ticketing.Orders;

/// <summary>
/// Ends holds whose time is up, by this service's own clock: those that Expiration names, and in a sweep of its own
/// those that are overdue, whatever happened to their message.
/// </summary>
/// <remarks>
/// The rows of orders that another transaction is changing right now are skipped: if they are still open and due
/// afterwards, the next message or sweep finds them. Listings are locked in the order of their ids, so that two
/// batches cannot deadlock. When many holds end in the same moment, their tickets are orderable again before everybody is
/// told of the first ones.
/// </remarks>
internal sealed class ExpireOrders(NpgsqlDataSource database, Outbox outbox, TimeProvider clock) : IUrgentWork
{
    /// <summary>How late a hold may be before the sweep takes it for forgotten.</summary>
    private static readonly TimeSpan Overdue = TimeSpan.FromSeconds(2);

    private const int SweepSize = 500;

    private const string Named =
        "SELECT id FROM orders WHERE id = ANY(@ids) AND status IN ('created', 'awaiting:payment') AND expires_at <= @now";

    private const string Forgotten =
        """
        SELECT id FROM orders WHERE status IN ('created', 'awaiting:payment') AND expires_at <= @overdueSince
        ORDER BY expires_at LIMIT @SweepSize
        """;

    private int underWay;

    // Whether the last message ended any. Until Expiration is told that they have ended, it names them again.
    private volatile bool fruitful;

    /// <summary>One message names many; only when too many end for one, several are at work.</summary>
    public bool IsPressing => fruitful && Volatile.Read(ref underWay) > 1;

    /// <summary>Ends those of these orders that are still open and due.</summary>
    public async Task<int> EndNamedAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref underWay);
        try
        {
            var ended = await EndAsync(Named, new { ids, now = clock.GetUtcNow(), Outbox.TraceParent }, cancellationToken);
            fruitful = ended > 0;
            return ended;
        }
        finally
        {
            Interlocked.Decrement(ref underWay);
        }
    }

    /// <summary>Ends all holds that are overdue, oldest first, and tells how many.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var total = 0;
        int ended;
        do
        {
            var now = clock.GetUtcNow();
            ended = await EndAsync(Forgotten, new { now, overdueSince = now - Overdue, SweepSize, Outbox.TraceParent }, cancellationToken);
            total += ended;
        }
        while (ended == SweepSize);
        return total;
    }

    private async Task<int> EndAsync(string due, object parameters, CancellationToken cancellationToken)
    {
        var statement =
            $"""
            WITH due AS MATERIALIZED (
                {due} FOR UPDATE SKIP LOCKED
            ), ended AS (
                UPDATE orders SET status = 'cancelled', reason = 'expired', unpaid_at = @now, version = version + 1
                FROM due WHERE orders.id = due.id
                RETURNING orders.*
            ), stock AS (
                SELECT ticket_id, sum(quantity)::int AS quantity FROM ended GROUP BY ticket_id
            ), locked AS MATERIALIZED (
                -- By their ids too: for many holds the planner would read all listings.
                SELECT listings.id, stock.quantity FROM listings JOIN stock ON stock.ticket_id = listings.id
                WHERE listings.id = ANY(ARRAY(SELECT ticket_id FROM stock))
                ORDER BY listings.id FOR UPDATE OF listings
            ), freed AS (
                UPDATE listings SET available = available + locked.quantity
                FROM locked WHERE listings.id = locked.id
            ), published AS (
                INSERT INTO outbox (type, body, trace_parent)
                SELECT 'OrderCancelled', order_event(ended::orders), @traceParent FROM ended
            )
            SELECT expires_at FROM ended
            """;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var ended = (await connection.QueryAsync<DateTimeOffset>(
            new CommandDefinition(statement, parameters, cancellationToken: cancellationToken))).AsList();
        if (ended.Count > 0)
            outbox.Wake();
        OrderMetrics.Expired.Add(ended.Count);
        var now = clock.GetUtcNow();
        foreach (var end in ended)
            OrderMetrics.ReleaseLag.Record((now - end).TotalSeconds);
        return ended.Count;
    }
}

/// <summary>Ends the holds that Expiration names.</summary>
internal sealed class ExpirationConsumer(ExpireOrders expire) : IConsumer<ExpirationComplete>
{
    public Task Consume(ConsumeContext<ExpirationComplete> context) =>
        expire.EndNamedAsync(context.Message.OrderIds, context.CancellationToken);
}

/// <summary>Ends the holds whose message never came: Expiration, Redis or the broker may be away.</summary>
[DisallowConcurrentExecution]
internal sealed partial class SweepOverdueOrders(ExpireOrders expire, ILogger<SweepOverdueOrders> logger) : IJob
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var ended = await expire.SweepAsync(cancellationToken);
        if (ended > 0)
            LogSwept(ended);
    }

    [LoggerMessage(LogLevel.Warning, "Ended {Count} overdue holds that no expiration message had named")]
    private partial void LogSwept(int count);
}
