using System.Diagnostics.Metrics;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using Ticketing.Contracts;
using Ticketing.Data;
using Ticketing.ServiceDefaults;

namespace Ticketing.Orders.Placing;

/// <summary>
/// Places the reservations of this process, those that come together in one transaction and one round trip. Why, and why
/// it is safe: docs/decisions/0016.
/// </summary>
internal sealed class Reservations : IHostedService, IUrgentWork, IDisposable
{
    /// <summary>A hot listing is in one lane, the other is for the rest. With more, each takes fewer at a time.</summary>
    private const int Lanes = 2;

    /// <summary>More at once makes nothing faster, and all of them wait for the last.</summary>
    private const int Together = 256;

    /// <summary>When so many wait for their answer, they are a crowd: events have to wait too.</summary>
    private const int Crowd = 32;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(24);

    private static readonly Histogram<int> Size = Telemetry.Meter.CreateHistogram<int>(
        "ticketing.orders.placing.together", "{reservation}", "How many reservations went into one transaction.");

    private readonly NpgsqlDataSource database;
    private readonly Outbox outbox;
    private readonly OrdersOptions options;
    private readonly TimeProvider clock;
    private readonly GroupCommit<Guid, Reservation, Placement> commits;
    private readonly RushMeter meter;
    private readonly CancellationTokenSource tooLate = new();
    private Task working = Task.CompletedTask;

    public Reservations(NpgsqlDataSource database, Outbox outbox, IOptions<OrdersOptions> options, TimeProvider clock)
    {
        (this.database, this.outbox, this.options, this.clock) = (database, outbox, options.Value, clock);
        meter = new(clock);
        commits = new(CommitAsync, BoundsOf(this.options), clock);
    }

    // No listing takes all the room.
    internal static GroupCommitBounds BoundsOf(OrdersOptions options) =>
        new(Lanes, Together, options.MaxWaiting, (options.MaxWaiting + 1) / 2, Crowd, options.LongestWait, Patience);

    /// <summary>How many wait for their turn.</summary>
    public int Waiting => commits.Waiting;

    /// <summary>Whether there is no room now for one more of this listing.</summary>
    public bool IsClosed(Guid ticketId) => commits.IsClosed(ticketId);

    public bool IsPressing => meter.IsRush || commits.Waiting + commits.UnderWay >= Crowd;

    /// <summary>Places one. Null: there is no room for it now, and nothing was done.</summary>
    public Task<Placement?> PlaceAsync(Reservation reservation, CancellationToken cancellationToken) =>
        commits.SubmitAsync(reservation.TicketId, reservation, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        working = commits.RunAsync(tooLate.Token);
        return Task.CompletedTask;
    }

    /// <summary>Finishes what waits; what cannot be finished in time is refused.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        commits.Close();
        await using var ending = cancellationToken.Register(tooLate.Cancel);
        await working;
    }

    public void Dispose() => tooLate.Dispose();

    private async Task<IReadOnlyList<Placement?>> CommitAsync(IReadOnlyList<Reservation> asked, CancellationToken cancellationToken)
    {
        Size.Record(asked.Count);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        try
        {
            return await ExecuteAsync(connection, asked, now, cancellationToken);
        }
        catch (PostgresException used) when (asked is [var alone] && used.ConstraintName == PlaceOrder.KeyConstraint)
        {
            // The key was used over a day ago and is free again.
            await connection.ExecuteAsync(
                ForgetIdempotencyKeys.OfUser, new { alone.UserId, alone.Key, keysSince = now - KeyLifetime });
            return await ExecuteAsync(connection, asked, now, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<Placement?>> ExecuteAsync(
        NpgsqlConnection connection, IReadOnlyList<Reservation> asked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. asked.Select(_ => Guid.CreateVersion7(now))];
        await using var command = new NpgsqlCommand(PlaceOrder.Turns + PlaceOrder.Locks + PlaceOrder.Statement, connection);
        Add("ids", ids);
        Add("userIds", asked.Select(one => one.UserId));
        Add("ticketIds", asked.Select(one => one.TicketId));
        Add("quantities", asked.Select(one => one.Quantity));
        Add("keys", asked.Select(one => one.Key));
        Add("traceParents", asked.Select(one => one.TraceParent));
        Add("expectedPrices", asked.Select(one => one.ExpectedPrice));
        Add("expectedCurrencies", asked.Select(one => one.ExpectedCurrency));
        Add("expectedVersions", asked.Select(one => one.ExpectedVersion));
        command.Parameters.Add(new NpgsqlParameter<DateTime>("now", now.UtcDateTime));
        command.Parameters.Add(new NpgsqlParameter<DateTime>("expiresAt", (now + options.Hold).UtcDateTime));
        command.Parameters.Add(new NpgsqlParameter<DateTime>("keysSince", (now - KeyLifetime).UtcDateTime));
        command.Parameters.Add(new NpgsqlParameter<int?>("maxHeld", options.MaxHeldPerUser));
        command.Parameters.Add(new NpgsqlParameter<int>("defaultMaxPerBuyer", ListingState.DefaultMaxPerBuyer));
        command.Parameters.Add(new NpgsqlParameter<TimeSpan>("pause", PlaceOrder.Pause));
        Add("currencies", ChargeLimits.Currencies);
        Add("smallest", ChargeLimits.Currencies.Select(ChargeLimits.Smallest));
        command.Parameters.Add(new NpgsqlParameter<long>("largest", ChargeLimits.Largest));

        var placements = new Placement?[asked.Count];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        for (var before = 0; before < 2; before++)
            await reader.NextResultAsync(cancellationToken);
        Func<System.Data.Common.DbDataReader, Order>? read = null;
        while (await reader.ReadAsync(cancellationToken))
            placements[reader.GetInt64(0) - 1] = Read(reader, ref read);
        // To the end: only then it is committed.
        await reader.CloseAsync();
        var placed = placements.Zip(ids).Count(one => one.First?.Order?.Id == one.Second);
        if (placed > 0)
        {
            outbox.Wake();
            OrderMetrics.Placed.Add(placed);
            meter.Placed(placed);
        }
        return placements;

        void Add<T>(string name, IEnumerable<T> values) =>
            command.Parameters.Add(new NpgsqlParameter<T[]>(name, [.. values]));
    }

    /// <summary>A row of the statement's answer; null where it is to be judged again.</summary>
    private static Placement? Read(NpgsqlDataReader reader, ref Func<System.Data.Common.DbDataReader, Order>? read)
    {
        if (reader.GetBoolean(1))
            return null;
        return reader.IsDBNull(2)
            ? new Placement((read ??= reader.GetRowParser<Order>(startIndex: 11))(reader), Refusal: null)
            : new Placement(Order: null, ReadRefusal(reader));
    }

    private static Refusal ReadRefusal(NpgsqlDataReader reader) => new(
        reader.GetString(2),
        reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3),
        reader.IsDBNull(4) ? 0 : reader.GetInt64(4),
        reader.IsDBNull(5) ? "" : reader.GetString(5),
        reader.IsDBNull(6) ? 0 : reader.GetInt32(6),
        reader.GetInt32(7),
        reader.GetInt64(8),
        reader.GetInt64(9),
        reader.IsDBNull(10) ? null : reader.GetGuid(10));
}
