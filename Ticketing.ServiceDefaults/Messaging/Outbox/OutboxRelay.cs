using System.Diagnostics;
using System.Text.Json;
using Dapper;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Ticketing.Contracts;

namespace Ticketing.ServiceDefaults;

/// <summary>
/// Publishes the outbox. A row is deleted only after the broker confirmed its event; a crash in between publishes it
/// again, with the same message id. Replicas share the rows through <c>FOR UPDATE SKIP LOCKED</c>. An event that no
/// queue took is kept and tried again later, without holding up those behind it.
/// </summary>
internal sealed partial class OutboxRelay(
    NpgsqlDataSource database,
    Outbox outbox,
    IBus bus,
    TopologyDeployment topology,
    TimeProvider clock,
    ILogger<OutboxRelay> logger) : BackgroundService
{
    private const int BatchSize = 200;

    /// <summary>How long the rows of a replica that died, or rows put back, may wait to be seen.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxBackOff = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await topology.Deployed.WaitAsync(stoppingToken);
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var relayed = await RelayBatchAsync(stoppingToken);
                failures = 0;
                if (relayed < BatchSize)
                    await outbox.WaitAsync(PollInterval, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever it is, giving up would lose events: the rows are still there, so try again.
                failures++;
                LogFailed(failures, exception);
                await Task.Delay(BackOff(failures), clock, stoppingToken);
            }
        }
    }

    private async Task<int> RelayBatchAsync(CancellationToken stoppingToken)
    {
        await using var connection = await database.OpenConnectionAsync(stoppingToken);
        await using var transaction = await connection.BeginTransactionAsync(stoppingToken);
        var now = clock.GetUtcNow();
        var rows = (await connection.QueryAsync<OutboxRow>(new CommandDefinition(
            """
            SELECT seq, id, type, body::text AS body, trace_parent, attempts
            FROM outbox
            WHERE next_attempt_at IS NULL OR next_attempt_at <= @now
            ORDER BY seq
            LIMIT @BatchSize
            FOR UPDATE SKIP LOCKED
            """,
            new { now, BatchSize }, transaction, cancellationToken: stoppingToken))).AsList();
        if (rows.Count == 0)
            return 0;

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        timeout.CancelAfter(PublishTimeout);
        var outcomes = await Task.WhenAll(rows.Select(row => PublishAsync(row, timeout.Token)));

        // After the broker confirmed, nothing may stop the delete: what is not deleted is published twice.
        await connection.ExecuteAsync(
            "DELETE FROM outbox WHERE seq = ANY(@published)",
            new { published = Sequences(Outcome.Published) }, transaction);
        var refused = Sequences(Outcome.Refused);
        if (refused.Length > 0)
        {
            await connection.ExecuteAsync(
                """
                UPDATE outbox
                SET attempts = attempts + 1, next_attempt_at = @now + least(power(2, attempts), 60) * interval '1 second'
                WHERE seq = ANY(@refused)
                """,
                new { refused, now }, transaction);
        }
        await transaction.CommitAsync(CancellationToken.None);

        if (outcomes.Contains(Outcome.BrokerAway))
            throw new TimeoutException("The broker did not confirm every event in time.");
        return rows.Count;

        long[] Sequences(Outcome outcome) =>
            [.. rows.Where((_, index) => outcomes[index] == outcome).Select(row => row.Seq)];
    }

    private async Task<Outcome> PublishAsync(OutboxRow row, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Source.StartActivity(
            $"outbox publish {row.Type}", ActivityKind.Producer, parentId: row.TraceParent);
        try
        {
            var type = Topology.Events[row.Type];
            var message = JsonSerializer.Deserialize(row.Body, type, JsonConventions.Options)!;
            await bus.Publish(message, type, context =>
            {
                context.MessageId = row.Id;
                context.GetPayload<RabbitMqSendContext>().Mandatory = true;
            }, cancellationToken);
            return Outcome.Published;
        }
        catch (Exception exception) when (exception is MessageReturnedException or JsonException or KeyNotFoundException)
        {
            LogRefused(row.Type, row.Id, row.Attempts + 1, exception);
            return Outcome.Refused;
        }
        catch (Exception exception) when (exception is OperationCanceledException || TransientFailure.Is(exception))
        {
            return Outcome.BrokerAway;
        }
    }

    private static TimeSpan BackOff(int failures) =>
        TimeSpan.FromMilliseconds(Math.Min(100 * Math.Pow(2, Math.Min(failures, 10)), MaxBackOff.TotalMilliseconds));

    private enum Outcome
    {
        Published,

        /// <summary>No queue took it, or it cannot be read: the others need not wait for it.</summary>
        Refused,

        BrokerAway,
    }

    private sealed record OutboxRow(long Seq, Guid Id, string Type, string Body, string? TraceParent, int Attempts);

    [LoggerMessage(LogLevel.Warning, "The outbox could not be published (failure {Failures} in a row), trying again")]
    private partial void LogFailed(int failures, Exception exception);

    [LoggerMessage(LogLevel.Error, "{Type} {MessageId} stays in the outbox after attempt {Attempt}")]
    private partial void LogRefused(string type, Guid messageId, int attempt, Exception exception);
}
