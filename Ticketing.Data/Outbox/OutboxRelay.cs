using System.Diagnostics;
using System.Runtime.Serialization;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Ticketing.Contracts;
using Ticketing.Messaging;
using Ticketing.ServiceDefaults;

namespace Ticketing.Data;

/// <summary>
/// Publishes the outbox. A row is deleted only after the broker confirmed its event; a crash in between publishes it
/// again, with the same ids. So does a crash of the database right after: the delete does not wait for the disk,
/// which those who wait for their own commits have to themselves. Replicas share the rows through
/// <c>FOR UPDATE SKIP LOCKED</c>. An event that no queue took is kept and tried again later, without holding up those
/// behind it.
/// </summary>
internal sealed partial class OutboxRelay(
    NpgsqlDataSource database,
    Outbox outbox,
    EventPublisher publisher,
    IEnumerable<IUrgentWork> urgent,
    TimeProvider clock,
    ILogger<OutboxRelay> logger) : BackgroundService
{
    /// <summary>The most rows of one transaction, in messages of up to <see cref="EventBatch.MaxSize"/>.</summary>
    private const int BatchSize = 1_000;

    /// <summary>How long the rows of a replica that died, or rows put back, may wait to be seen.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan MaxBackOff = TimeSpan.FromSeconds(5);

    /// <summary>How long a batch gives way to urgent work: events are late in a rush, but they come.</summary>
    private static readonly TimeSpan MaxYield = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan YieldStep = TimeSpan.FromMilliseconds(10);

    /// <summary>An event that has waited for so long gives way to nothing any more.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(5);

    private readonly IUrgentWork[] urgent = [.. urgent];

    /// <summary>How long a service that stops goes on publishing what it has just written.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enum.GetValues<OutboxLane>().Select(lane =>
            this.KeepRunningAsync(token => RunAsync(lane, token), clock, logger, stoppingToken)));

    private async Task RunAsync(OutboxLane lane, CancellationToken stoppingToken)
    {
        // A batch that has begun is finished, also when the service is stopped meanwhile.
        using var ending = new CancellationTokenSource();
        await using var stopping = stoppingToken.Register(() => ending.CancelAfter(LastWords));
        var (failures, late) = (0, false);
        while (true)
        {
            try
            {
                if (lane is OutboxLane.Ordinary && !late)
                    await YieldAsync(stoppingToken);
                (var relayed, late) = await RelayBatchAsync(lane, ending.Token);
                failures = 0;
                if (relayed == BatchSize)
                    continue;
                if (stoppingToken.IsCancellationRequested)
                    return;
                await WaitAsync(lane, stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                // What is left is published by another replica, or at the next start.
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

    /// <summary>Gives way to what is urgent, but not for ever.</summary>
    private async Task YieldAsync(CancellationToken stoppingToken)
    {
        var since = clock.GetTimestamp();
        while (Array.Exists(urgent, work => work.IsPressing) && clock.GetElapsedTime(since) < MaxYield
            && !stoppingToken.IsCancellationRequested)
            await Task.Delay(YieldStep, clock, CancellationToken.None);
    }

    /// <summary>Until there is something to publish, or the service stops.</summary>
    private async Task WaitAsync(OutboxLane lane, CancellationToken stoppingToken)
    {
        try
        {
            await outbox.WaitAsync(lane, PollInterval, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A last look follows.
        }
    }

    /// <summary>How many it published, or tried to, and whether the first of them was late.</summary>
    private async Task<(int Relayed, bool Late)> RelayBatchAsync(OutboxLane lane, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        // Taken out first and committed last: until then nobody else sees the rows, and a process that dies leaves them there. Always
        // along the lane's index: statistics of a quiet hour, or of events that are put off, speak for reading all of it.
        var rows = (await connection.QueryAsync<OutboxRow>(new CommandDefinition(
            $"""
            SET LOCAL synchronous_commit = off; SET LOCAL enable_seqscan = off;
            WITH due AS (
                SELECT seq FROM outbox
                WHERE {lane.Condition()} AND (next_attempt_at IS NULL OR next_attempt_at <= @now)
                ORDER BY seq
                LIMIT @BatchSize
                FOR UPDATE SKIP LOCKED
            )
            DELETE FROM outbox WHERE seq = ANY(ARRAY(SELECT seq FROM due))
            RETURNING seq, id, type, body::text AS body, trace_parent, attempts, created_at
            """,
            new { now, BatchSize }, transaction, cancellationToken: cancellationToken))).OrderBy(row => row.Seq).ToList();
        if (rows.Count == 0)
            return default;

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(TimeLimits.Publish);
        var messages = Pack(rows).ToList();
        var outcomes = await Task.WhenAll(messages.Select(message => PublishAsync(message, timeout.Token)));

        // After the broker confirmed, nothing may stop the delete: what is not deleted is published twice.
        if (Array.TrueForAll(outcomes, outcome => outcome.Kind == OutcomeKind.Published))
            await transaction.CommitAsync(CancellationToken.None);
        else
        {
            await transaction.RollbackAsync(CancellationToken.None);
            await connection.ExecuteAsync(
                """
                DELETE FROM outbox WHERE seq = ANY(@published);
                UPDATE outbox
                SET attempts = attempts + 1, next_attempt_at = @now + least(power(2, attempts), 60) * interval '1 second'
                WHERE seq = ANY(@refused)
                """,
                new { published = Sequences(OutcomeKind.Published), refused = Sequences(OutcomeKind.Refused), now });
        }

        if (outcomes.FirstOrDefault(outcome => outcome.Kind == OutcomeKind.BrokerAway) is { } away)
            throw new TimeoutException("The broker did not confirm every event.", away.Failure);
        return (rows.Count, now - rows[0].CreatedAt > Late);

        long[] Sequences(OutcomeKind kind) =>
            [.. messages.Where((_, index) => outcomes[index].Kind == kind).SelectMany(message => message).Select(row => row.Seq)];
    }

    /// <summary>
    /// Events of one kind into one message, in the order in which they were committed. Nobody waits for company: what is there
    /// goes, and in a rush much is there. One that was refused before goes alone, so that it is refused alone.
    /// </summary>
    internal static IEnumerable<IReadOnlyList<OutboxRow>> Pack(IEnumerable<OutboxRow> rows)
    {
        var open = new Dictionary<string, (List<OutboxRow> Rows, int Length)>();
        foreach (var row in rows)
        {
            if (row.Attempts > 0)
            {
                yield return [row];
                continue;
            }
            var (together, length) = open.GetValueOrDefault(row.Type, ([], 0));
            together.Add(row);
            length += row.Body.Length;
            if (together.Count < EventBatch.MaxSize && length < EventBatch.MaxLength)
            {
                open[row.Type] = (together, length);
                continue;
            }
            yield return together;
            open.Remove(row.Type);
        }
        foreach (var (together, _) in open.Values)
            yield return together;
    }

    private async Task<Outcome> PublishAsync(IReadOnlyList<OutboxRow> rows, CancellationToken cancellationToken)
    {
        var type = rows[0].Type;
        // Alone it goes on in its own trace; a message of many is a trace of its own, which links to theirs.
        using var activity = Telemetry.Source.StartActivity(
            $"outbox publish {type}", ActivityKind.Producer, parentId: rows is [var alone] ? alone.TraceParent : null);
        if (rows.Count > 1)
            EventActivities.Link(activity, [.. rows.Select(row => row.TraceParent)]);
        try
        {
            await publisher.PublishAsync(
                type, [.. rows.Select(row => new BatchedEvent(row.Id, JsonElement.Parse(row.Body), row.TraceParent))], cancellationToken);
            return new Outcome(OutcomeKind.Published);
        }
        catch (Exception exception) when (exception is UnroutableEventException or KeyNotFoundException or JsonException or SerializationException)
        {
            LogRefused(rows.Count, type, rows[0].Id, rows[0].Attempts + 1, exception);
            return new Outcome(OutcomeKind.Refused);
        }
        catch (Exception exception)
        {
            // The rows are neither deleted nor put off: they are published when the broker is back.
            return new Outcome(OutcomeKind.BrokerAway, exception);
        }
    }

    private static TimeSpan BackOff(int failures) =>
        TimeSpan.FromMilliseconds(Math.Min(100 * Math.Pow(2, Math.Min(failures, 10)), MaxBackOff.TotalMilliseconds));

    private sealed record Outcome(OutcomeKind Kind, Exception? Failure = null);

    private enum OutcomeKind
    {
        Published,

        /// <summary>No queue took it, or it cannot be read: the others need not wait for it.</summary>
        Refused,

        BrokerAway,
    }

    internal sealed record OutboxRow(long Seq, Guid Id, string Type, string Body, string? TraceParent, int Attempts, DateTimeOffset CreatedAt);

    [LoggerMessage(LogLevel.Warning, "The outbox could not be published (failure {Failures} in a row), trying again")]
    private partial void LogFailed(int failures, Exception exception);

    [LoggerMessage(LogLevel.Error, "{Count} {Type} stay in the outbox after attempt {Attempt}, the first of them is {Id}")]
    private partial void LogRefused(int count, string type, Guid id, int attempt, Exception exception);
}
