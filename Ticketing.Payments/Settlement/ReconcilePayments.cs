using Dapper;
using Npgsql;
using Quartz;

namespace Ticketing.Payments;

/// <summary>
/// Finds the attempts that were left in the middle, by a crash, a lost webhook or a silent Stripe, and has them carried
/// on, all that are due, as fast as there are workers for them. Replicas share them: a claimed one is due again only later, so that
/// it is not lost with its replica; and few are claimed ahead, so that it is not due again before its turn.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class ReconcilePayments(
    NpgsqlDataSource database, Settler settler, UnsettledAlarm alarm, IHostApplicationLifetime lifetime, TimeProvider clock) : IJob
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private const int Batch = Settler.BacklogWorkers;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            IReadOnlyList<DuePayment> due;
            do
            {
                await alarm.Look(stopping.Token);
                due = await Claim(stopping.Token);
                foreach (var payment in due)
                    await settler.HandOverAsync(payment, stopping.Token);
            }
            while (due.Count > 0);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What was claimed and not handed over is due again soon.
        }
    }

    /// <summary>The payments with an attempt that is due.</summary>
    public async Task<IReadOnlyList<DuePayment>> Claim(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var due = (await connection.QueryAsync<ClaimedPayment, Attempt, (ClaimedPayment Payment, Attempt Attempt)>(new CommandDefinition(
            """
            SELECT payment_id, order_id, number, kind, state, goal, token, return_url, intent_id, session_id, url, failure, looks, authorized_at
            FROM attempts JOIN payments ON payments.id = payment_id
            WHERE look_at <= @now
            ORDER BY look_at
            LIMIT @Batch
            FOR UPDATE OF attempts SKIP LOCKED
            """,
            new { now, Batch }, transaction, cancellationToken: cancellationToken),
            (payment, attempt) => (payment, attempt), splitOn: "number")).AsList();
        await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE attempts SET looks = looks + 1, look_at = @lookAt WHERE payment_id = @PaymentId AND number = @Number",
            due.Select(row => new
            {
                row.Payment.PaymentId,
                row.Attempt.Number,
                lookAt = now + LookSchedule.After(row.Attempt, row.Attempt.Looks + 1),
            }).ToList(),
            transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return [.. due.Select(row => row.Payment).Distinct().Select(payment => new DuePayment(payment.PaymentId, payment.OrderId))];
    }

    private sealed record ClaimedPayment(Guid PaymentId, Guid OrderId);
}
