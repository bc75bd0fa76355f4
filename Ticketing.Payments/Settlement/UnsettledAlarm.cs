using System.Diagnostics.Metrics;
using Dapper;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Ticketing.Payments.Gateway;
using Ticketing.ServiceDefaults;

namespace Ticketing.Payments;

/// <summary>
/// Tells when payments have waited for their end for more than an hour, so that somebody looks: in the log, in health and
/// in two metrics. All replicas count the same rows.
/// </summary>
internal sealed class UnsettledAlarm : IHealthCheck
{
    private static readonly TimeSpan After = TimeSpan.FromHours(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LogEvery = TimeSpan.FromMinutes(5);

    private readonly NpgsqlDataSource database;
    private readonly TimeProvider clock;
    private readonly ILogger<UnsettledAlarm> logger;
    private (int Count, DateTimeOffset? Oldest, int Due) seen;
    private DateTimeOffset looked;
    private DateTimeOffset logged;

    public UnsettledAlarm(NpgsqlDataSource database, TimeProvider clock, IMeterFactory meters, ILogger<UnsettledAlarm> logger)
    {
        (this.database, this.clock, this.logger) = (database, clock, logger);
        var meter = meters.Create(Telemetry.Name);
        meter.CreateObservableGauge("ticketing.payments.unsettled", () => seen.Count,
            "{attempt}", "Attempts that have waited for their end for more than an hour.");
        meter.CreateObservableGauge("ticketing.payments.oldest_unsettled", () => seen.Oldest is { } since ? (clock.GetUtcNow() - since).TotalSeconds : 0,
            "s", "How long the oldest attempt that is not settled has not changed.");
        meter.CreateObservableGauge("ticketing.payments.due", () => seen.Due,
            "{attempt}", "Attempts whose turn has come and that wait for a worker.");
    }

    /// <summary>Counts again, if the last time was long enough ago.</summary>
    public async Task Look(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (now - looked < LookEvery)
            return;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        seen = await connection.QuerySingleAsync<(int, DateTimeOffset?, int)>(new CommandDefinition(
            """
            SELECT (count(*) FILTER (WHERE changed_at < @before))::int, min(changed_at), (count(*) FILTER (WHERE look_at <= @now))::int
            FROM attempts WHERE look_at IS NOT NULL
            """,
            new { before = now - After, now }, cancellationToken: cancellationToken));
        looked = now;
        if (seen.Count == 0 || now - logged < LogEvery)
            return;
        logged = now;
        StripeLog.Unsettled(logger, seen.Count, seen.Oldest!.Value);
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(seen is { Count: > 0 and var count, Oldest: { } since }
            ? HealthCheckResult.Degraded(
                $"{count} payment attempts have waited for their end for more than an hour, the oldest since {since:u}: look for them at Stripe.")
            : HealthCheckResult.Healthy());
}
