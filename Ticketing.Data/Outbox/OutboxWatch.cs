using System.Diagnostics.Metrics;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Ticketing.ServiceDefaults;

namespace Ticketing.Data;

/// <summary>
/// Looks every few seconds at how much waits in the outbox and for how long, for the metrics
/// <c>ticketing.messaging.outbox.messages</c> and <c>ticketing.messaging.outbox.age</c>. Every replica sees the same rows.
/// </summary>
internal sealed partial class OutboxWatch : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly NpgsqlDataSource database;
    private readonly TimeProvider clock;
    private readonly ILogger<OutboxWatch> logger;
    private (long Count, double Age) seen;

    public OutboxWatch(NpgsqlDataSource database, IMeterFactory meters, TimeProvider clock, ILogger<OutboxWatch> logger)
    {
        (this.database, this.clock, this.logger) = (database, clock, logger);
        var meter = meters.Create(Telemetry.Name);
        meter.CreateObservableGauge("ticketing.messaging.outbox.messages", () => seen.Count,
            "{message}", "Events that are committed and not yet confirmed by the broker; at most 10,000 are counted.");
        meter.CreateObservableGauge("ticketing.messaging.outbox.age", () => seen.Age,
            "s", "How long the oldest of them has waited.");
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        this.KeepRunningAsync(RunAsync, clock, logger, stoppingToken);

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (NpgsqlException problem) when (!stoppingToken.IsCancellationRequested)
            {
                // The last figures stay until the database can be asked again; its own health check tells of it.
                LogUnseen(problem.Message);
            }
            await Task.Delay(Interval, clock, stoppingToken);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        seen = await connection.QuerySingleAsync<(long, double)>(new CommandDefinition(
            """
            SELECT
                (SELECT count(*) FROM (SELECT FROM outbox ORDER BY seq LIMIT 10000) AS waiting),
                coalesce((SELECT extract(epoch FROM clock_timestamp() - created_at) FROM outbox ORDER BY seq LIMIT 1), 0)::float8
            """,
            cancellationToken: cancellationToken));
    }

    [LoggerMessage(LogLevel.Debug, "The outbox cannot be counted for now: {Reason}")]
    private partial void LogUnseen(string reason);
}
