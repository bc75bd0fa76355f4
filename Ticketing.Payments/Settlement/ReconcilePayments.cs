using System.Diagnostics.Metrics;
using Dapper;
using Npgsql;
using Quartz;
using Ticketing.ServiceDefaults;

namespace Ticketing.Payments;

/// <summary>
/// Finds the attempts that were left in the middle, by a crash, a lost webhook or a silent Stripe, and has them carried
/// on. Replicas share them: a claimed one is due again only later, so that it is not lost with its replica.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class ReconcilePayments(NpgsqlDataSource database, Settler settler, TimeProvider clock, ILogger<ReconcilePayments> logger)
    : IJob
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private const int Batch = 50;
    private static readonly TimeSpan AlarmAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan AlarmEvery = TimeSpan.FromMinutes(5);

    private static readonly Gauge<int> Unsettled = Telemetry.Meter.CreateGauge<int>(
        "ticketing.payments.unsettled", "{attempt}", "Attempts that have waited for their end for more than an hour.");

    private static long lastAlarm;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        foreach (var paymentId in await Claim(cancellationToken))
            settler.Wake(paymentId);
        await Alarm(cancellationToken);
    }

    /// <summary>The payments with an attempt that is due.</summary>
    public async Task<IReadOnlyList<Guid>> Claim(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var due = (await connection.QueryAsync<Guid, Attempt, (Guid PaymentId, Attempt Attempt)>(new CommandDefinition(
            """
            SELECT payment_id, number, kind, state, goal, token, return_url, intent_id, session_id, url, failure, looks
            FROM attempts
            WHERE look_at <= @now
            ORDER BY look_at
            LIMIT @Batch
            FOR UPDATE SKIP LOCKED
            """,
            new { now, Batch }, transaction, cancellationToken: cancellationToken),
            (paymentId, attempt) => (paymentId, attempt), splitOn: "number")).AsList();
        await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE attempts SET looks = looks + 1, look_at = @lookAt WHERE payment_id = @PaymentId AND number = @Number",
            due.Select(row => new
            {
                row.PaymentId,
                row.Attempt.Number,
                lookAt = now + LookSchedule.After(row.Attempt, row.Attempt.Looks + 1),
            }).ToList(),
            transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return [.. due.Select(row => row.PaymentId).Distinct()];
    }

    private async Task Alarm(CancellationToken cancellationToken)
    {
        if (lastAlarm != 0 && clock.GetElapsedTime(lastAlarm) < AlarmEvery)
            return;
        lastAlarm = clock.GetTimestamp();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (count, since) = await connection.QuerySingleAsync<(int, DateTimeOffset?)>(new CommandDefinition(
            "SELECT count(*)::int, min(changed_at) FROM attempts WHERE look_at IS NOT NULL AND changed_at < @before",
            new { before = clock.GetUtcNow() - AlarmAfter }, cancellationToken: cancellationToken));
        Unsettled.Record(count);
        if (count > 0)
            StripeLog.Unsettled(logger, count, since!.Value);
    }
}
