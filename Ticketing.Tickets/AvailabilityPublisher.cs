using System.Text.Json;
using System.Threading.Channels;
using Dapper;
using Npgsql;
using Ticketing.Contracts;
using Ticketing.Messaging;
using Ticketing.ServiceDefaults;

namespace Ticketing.Tickets;

/// <summary>
/// Publishes what pages show of the listings that changed: at most four times a second however often they did, read in one
/// statement. That is no fact that others keep, so it costs a reservation no row in the outbox.
/// </summary>
/// <remarks>
/// What was not published yet when the process ends is lost. An open page then shows an old number until the listing changes
/// again or the page asks by itself: every 30 s, and whenever its connection was opened again (<c>live.js</c> of the site).
/// </remarks>
internal sealed partial class AvailabilityPublisher(
    NpgsqlDataSource database, EventPublisher publisher, TimeProvider clock, ILogger<AvailabilityPublisher> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>How many listings are noted; of others, pages hear when they ask.</summary>
    private const int MostChanged = 10_000;

    // The version orders snapshots of the database, whichever replica took them: what a later one sees beyond an earlier one,
    // has ended between them. Then either its xmax is higher, or as high and fewer transactions below it are still running.
    // There are never 2^20 connections.
    private const string Statement =
        """
        WITH moment AS MATERIALIZED (
            SELECT (pg_snapshot_xmax(snapshot)::text::bigint << 20) - (SELECT count(*) FROM pg_snapshot_xip(snapshot)) AS version
            FROM pg_current_snapshot() AS snapshot
        )
        SELECT id AS "ticketId", greatest(quantity - held - sold, 0) AS available, price, currency, deleted_at IS NOT NULL AS withdrawn, moment.version
        FROM tickets CROSS JOIN moment
        WHERE id = ANY(@ticketIds)
        """;

    private readonly Lock gate = new();
    private readonly HashSet<Guid> changed = [];
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Notes listings, after what changed them was committed.</summary>
    public void Changed(IEnumerable<Guid> ticketIds)
    {
        lock (gate)
        {
            foreach (var ticketId in ticketIds)
            {
                if (changed.Count < MostChanged)
                    changed.Add(ticketId);
            }
        }
        wake.Writer.TryWrite(true);
    }

    /// <summary>What pages show of listings; those that are not known are left out.</summary>
    internal static async Task<IReadOnlyList<AvailabilityChanged>> ReadAsync(
        NpgsqlDataSource database, Guid[] ticketIds, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var listings = await connection.QueryAsync<AvailabilityChanged>(
            new CommandDefinition(Statement, new { ticketIds }, cancellationToken: cancellationToken));
        return listings.AsList();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        this.KeepRunningAsync(RunAsync, clock, logger, stoppingToken);

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        while (await wake.Reader.ReadAsync(stoppingToken))
        {
            var ticketIds = Take();
            try
            {
                await PublishAsync(ticketIds, stoppingToken);
                await Task.Delay(Pause, clock, stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(ticketIds.Length, failure.Message);
                Changed(ticketIds);
                await Task.Delay(RetryDelay, clock, stoppingToken);
            }
        }
    }

    private Guid[] Take()
    {
        lock (gate)
        {
            Guid[] taken = [.. changed];
            changed.Clear();
            return taken;
        }
    }

    private async Task PublishAsync(Guid[] ticketIds, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(TimeLimits.Publish);
        foreach (var listings in (await ReadAsync(database, ticketIds, timeout.Token)).Chunk(EventBatch.MaxSize))
        {
            await publisher.PublishAsync(
                nameof(AvailabilityChanged),
                [.. listings.Select(listing => new BatchedEvent(
                    Guid.CreateVersion7(), JsonSerializer.SerializeToElement(listing, JsonConventions.Options)))],
                timeout.Token);
        }
    }

    [LoggerMessage(LogLevel.Warning, "What pages show of {Count} listings could not be told, trying again: {Reason}")]
    private partial void LogFailed(int count, string reason);
}
