using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Npgsql;
using Ticketing.Contracts.Api;
using Ticketing.ServiceDefaults;

namespace Ticketing.Orders;

/// <summary>
/// Reserves tickets for a buyer. One statement in one round trip takes the stock only if there is enough, inserts the
/// order and its event; two buyers of the last ticket meet at the listing's row, where the second finds too few.
/// </summary>
/// <remarks>
/// Nobody can lock a whole event for free: a user holds only so many tickets at once. Orders of one user take turns under
/// a lock, taken in a statement of its own before (in the same round trip and transaction), so that the next one's
/// snapshot shows what the ones before it hold. Other users never wait for it.
/// </remarks>
internal static class PlaceOrder
{
    public const int MaxQuantity = 10;
    private const int MaxKeyLength = 255;

    private static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(24);

    internal sealed record Request(string? TicketId, int? Quantity);

    internal const string Turn =
        "SELECT 1 FROM pg_advisory_xact_lock(1, hashtext(@userId::text)) WHERE @maxHeld::int IS NOT NULL;";

    internal const string Statement =
        $"""
        WITH replayed AS (
            SELECT * FROM orders WHERE user_id = @userId AND idempotency_key = @key AND created_at > @keysSince
        ), held AS (
            SELECT coalesce(sum(quantity), 0) AS quantity, min(expires_at) AS first_end FROM orders
            WHERE user_id = @userId AND status IN ('created', 'awaiting:payment') AND @maxHeld::int IS NOT NULL
        ), taken AS (
            UPDATE listings SET available = available - @quantity
            WHERE id = @ticketId AND NOT deleted AND available >= @quantity AND NOT EXISTS (SELECT FROM replayed)
                AND (@maxHeld::int IS NULL OR (SELECT quantity FROM held) + @quantity <= @maxHeld)
            RETURNING *
        ), placed AS (
            INSERT INTO orders (
                id, user_id, ticket_id, quantity, amount, currency, ticket_title, ticket_price, ticket_version,
                status, created_at, hold_ends_at, expires_at, idempotency_key)
            SELECT
                @id, @userId, id, @quantity, price * @quantity, currency, title, price, version,
                'created', @now, @expiresAt, @expiresAt, @key
            FROM taken
            RETURNING *
        ), published AS (
            INSERT INTO outbox (type, body, trace_parent)
            SELECT 'OrderCreated', order_event(placed::orders), @traceParent FROM placed
        )
        SELECT
            EXISTS (SELECT FROM listings WHERE id = @ticketId AND NOT deleted) AS listed,
            CASE WHEN held.quantity + @quantity > @maxHeld THEN first_end END AS wait_until,
            found.*
        FROM held
        LEFT JOIN (
            SELECT {Order.Columns} FROM placed UNION ALL SELECT {Order.Columns} FROM replayed
        ) AS found ON true
        """;

    public static async Task<Results<Created<OrderResponse>, ProblemHttpResult>> HandleAsync(
        Request request,
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        ClaimsPrincipal user,
        NpgsqlDataSource database,
        Outbox outbox,
        IOptions<OrdersOptions> options,
        TimeProvider clock,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        errors.Require(
            Guid.TryParseExact(request.TicketId, "D", out var ticketId), "ticketId", "Say which ticket, by its id.");
        var quantity = request.Quantity ?? 1;
        errors.Require(
            quantity is >= 1 and <= MaxQuantity, "quantity", $"Order between 1 and {MaxQuantity} tickets.");
        errors.Require(
            idempotencyKey is null or { Length: >= 1 and <= MaxKeyLength },
            "Idempotency-Key", $"An idempotency key has 1–{MaxKeyLength} characters.");
        if (!errors.None)
            return Problems.Validation(errors);

        Telemetry.About(Telemetry.TicketId, ticketId);
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var (listed, waitUntil, order) = await TakeAsync(database, new Attempt(
            id, user.UserId(), ticketId, quantity, now, now + options.Value.Hold,
            idempotencyKey, now - KeyLifetime, options.Value.MaxHeldPerUser, Outbox.TraceParent), cancellationToken);

        if (order is null)
        {
            return !listed ? Problems.NotFound("Ticket")
                : waitUntil is { } end ? Problems.TooManyRequests(context, end - now,
                    $"You may hold {options.Value.MaxHeldPerUser} tickets at once: pay for those you hold, or give some back.")
                : Problems.BadRequest("Not enough tickets are available.");
        }
        if (order.TicketId != ticketId || order.Quantity != quantity)
            return Problems.BadRequest("This idempotency key was used for another order.");
        if (order.Id == id)
        {
            outbox.Wake();
            OrderMetrics.Placed.Add(1);
        }
        Telemetry.About(Telemetry.OrderId, order.Id);
        return TypedResults.Created($"/api/orders/{order.Id}", order.ToResponse());
    }

    private static async Task<Taken> TakeAsync(
        NpgsqlDataSource database, Attempt attempt, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            var taken = await ExecuteAsync();
            // Too few left, or too many held, but perhaps because this very request took them a moment ago, on another connection.
            return taken.Order is null && attempt.Key is not null ? taken with { Order = await ReplayAsync() } : taken;
        }
        catch (PostgresException lost) when (lost.ConstraintName == "orders_idempotency_key")
        {
            // The same key at the same time: the other one won and this one's stock was rolled back.
            if (await ReplayAsync() is { } order)
                return new Taken(true, null, order);
            // Or the key was used over a day ago and is free again.
            await connection.ExecuteAsync(ForgetIdempotencyKeys.OfUser, attempt);
            return await ExecuteAsync();
        }

        async Task<Taken> ExecuteAsync()
        {
            await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(
                Turn + Statement, attempt, cancellationToken: cancellationToken));
            await reader.NextResultAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            return new Taken(
                reader.GetBoolean(0),
                reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1),
                reader.IsDBNull(2) ? null : reader.GetRowParser<Order>(startIndex: 2)(reader));
        }

        Task<Order?> ReplayAsync() => connection.QuerySingleOrDefaultAsync<Order>(new CommandDefinition(
            $"SELECT {Order.Columns} FROM orders WHERE user_id = @userId AND idempotency_key = @key AND created_at > @keysSince",
            attempt, cancellationToken: cancellationToken));
    }

    private sealed record Attempt(
        Guid Id, Guid UserId, Guid TicketId, int Quantity, DateTimeOffset Now, DateTimeOffset ExpiresAt,
        string? Key, DateTimeOffset KeysSince, int? MaxHeld, string? TraceParent);

    /// <summary>What came of it: whether the listing is there, when the user may hold more, and the order.</summary>
    private sealed record Taken(bool Listed, DateTimeOffset? WaitUntil, Order? Order);
}
