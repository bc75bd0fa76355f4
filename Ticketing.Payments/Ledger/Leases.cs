using Dapper;
using Npgsql;

namespace Ticketing.Payments;

/// <summary>
/// Lets one call at a time talk to Stripe about an order, on all replicas. It is a lease in the order's row, renewed
/// while it is held: no connection is kept waiting for Stripe, and a process that dies is out of the way after 6 s.
/// It only keeps calls out of each other's way; that nobody is charged twice does not depend on it, but on Stripe's
/// idempotency keys and on decisions made under row locks.
/// </summary>
internal sealed partial class Leases(NpgsqlDataSource database, TimeProvider clock, ILogger<Leases> logger)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>So that only one call of this process at a time asks the database again and again.</summary>
    private readonly Turns turns = new();

    /// <summary>Takes the lease; null when it cannot be had in time.</summary>
    /// <param name="orderId">An order of the replica.</param>
    public async Task<Lease?> Acquire(Guid orderId, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var turn = await turns.Wait(orderId, patience, cancellationToken);
        Lease? lease = null;
        try
        {
            var holder = Guid.NewGuid();
            while (turn is not null && lease is null && clock.GetElapsedTime(started) <= patience)
            {
                if (await Take(orderId, holder, cancellationToken) is var (traceParent, payment))
                {
                    lease = new Lease(
                        orderId, holder, payment, traceParent, token => Renew(orderId, holder, token), () => GiveBack(orderId, holder), turn);
                }
                else
                    await Task.Delay(Poll, clock, cancellationToken);
            }

            return lease;
        }
        finally
        {
            if (lease is null)
                turn?.Dispose();
        }
    }

    /// <summary>Waits until the calls of this process for an order that came before have ended, but no longer than that.</summary>
    /// <param name="orderId">An order of the replica.</param>
    public async Task WaitForCallsBefore(Guid orderId, TimeSpan patience, CancellationToken cancellationToken) =>
        (await turns.Wait(orderId, patience, cancellationToken))?.Dispose();

    // The database's clock counts, since all replicas share it. A lease need not survive a crash of the database, so it does not
    // wait for the disk.
    private const string Write =
        """
        UPDATE orders SET leased_by = @holder, leased_until = clock_timestamp() + @Length
        WHERE id = @id AND set_config('synchronous_commit', 'off', true) IS NOT NULL
        """;

    /// <summary>Takes it and looks at the payment, which nobody carries on any more then; null while somebody else has it.</summary>
    private async Task<(string? TraceParent, Payment? Payment)?> Take(Guid orderId, Guid holder, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var rows = await connection.QueryMultipleAsync(new CommandDefinition(
            $"{Write} AND (leased_by IS NULL OR leased_until < clock_timestamp()) RETURNING trace_parent; {PaymentRows.ByOrder}",
            new { id = orderId, holder, Length }, cancellationToken: cancellationToken));
        var taken = await rows.ReadSingleOrDefaultAsync<LeasedOrder>();
        var payment = PaymentRows.Read(rows).SingleOrDefault();
        return taken is null ? null : (taken.TraceParent, payment);
    }

    private async Task Renew(Guid orderId, Guid holder, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(Renewal, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
                await Trying(orderId, () => Extend(orderId, holder, ended));
        }
        catch (OperationCanceledException)
        {
            // Given back.
        }
    }

    private async Task Extend(Guid orderId, Guid holder, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            $"{Write} AND leased_by = @holder", new { id = orderId, holder, Length }, cancellationToken: cancellationToken));
    }

    private Task GiveBack(Guid orderId, Guid holder) => Trying(orderId, async () =>
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            UPDATE orders SET leased_by = NULL, leased_until = NULL
            WHERE id = @orderId AND leased_by = @holder AND set_config('synchronous_commit', 'off', true) IS NOT NULL
            """,
            new { orderId, holder });
    });

    /// <summary>A lease that cannot be renewed or given back ends by itself.</summary>
    private async Task Trying(Guid orderId, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (NpgsqlException problem)
        {
            LogLost(orderId, problem);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The lease of order {OrderId} could not be renewed or given back; it ends by itself")]
    private partial void LogLost(Guid orderId, Exception problem);

    private sealed record LeasedOrder(string? TraceParent);
}
