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
internal static class PlaceOrder
{
    private const int MaxQuantity = 10;
    private const int MaxKeyLength = 255;

    private static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(24);

    internal sealed record Request(string? TicketId, int? Quantity);

    private const string Statement =
        $"""
        WITH replayed AS (
            SELECT * FROM orders WHERE user_id = @userId AND idempotency_key = @key AND created_at > @keysSince
        ), taken AS (
            UPDATE listings SET available = available - @quantity
            WHERE id = @ticketId AND NOT deleted AND available >= @quantity AND NOT EXISTS (SELECT FROM replayed)
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
        SELECT EXISTS (SELECT FROM listings WHERE id = @ticketId AND NOT deleted) AS listed, found.*
        FROM (VALUES (1)) AS always
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

        var now = clock.GetUtcNow();
        var (listed, order) = await TakeAsync(database, new Attempt(
            Guid.CreateVersion7(now), user.UserId(), ticketId, quantity, now, now + options.Value.Hold,
            idempotencyKey, now - KeyLifetime, Outbox.TraceParent), cancellationToken);

        if (order is null)
            return listed ? Problems.BadRequest("Not enough tickets are available.") : Problems.NotFound("Ticket");
        if (order.TicketId != ticketId || order.Quantity != quantity)
            return Problems.BadRequest("This idempotency key was used for another order.");
        outbox.Wake();
        return TypedResults.Created($"/api/orders/{order.Id}", order.ToResponse());
    }

    private static async Task<(bool Listed, Order? Order)> TakeAsync(
        NpgsqlDataSource database, Attempt attempt, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            var taken = await ExecuteAsync();
            // Too few left, but perhaps because this very request took them a moment ago, on another connection.
            return taken.Order is null && attempt.Key is not null ? (taken.Listed, await ReplayAsync()) : taken;
        }
        catch (PostgresException lost) when (lost.ConstraintName == "orders_idempotency_key")
        {
            // The same key at the same time: the other one won and this one's stock was rolled back.
            if (await ReplayAsync() is { } order)
                return (true, order);
            // Or the key was used over a day ago and is free again.
            await connection.ExecuteAsync(ForgetIdempotencyKeys.OfUser, attempt);
            return await ExecuteAsync();
        }

        async Task<(bool Listed, Order? Order)> ExecuteAsync() => (await connection.QueryAsync<bool, Order?, (bool Listed, Order? Order)>(
            new CommandDefinition(Statement, attempt, cancellationToken: cancellationToken),
            (listed, order) => (listed, order))).Single();

        Task<Order?> ReplayAsync() => connection.QuerySingleOrDefaultAsync<Order>(new CommandDefinition(
            $"SELECT {Order.Columns} FROM orders WHERE user_id = @userId AND idempotency_key = @key AND created_at > @keysSince",
            attempt, cancellationToken: cancellationToken));
    }

    private sealed record Attempt(
        Guid Id, Guid UserId, Guid TicketId, int Quantity, DateTimeOffset Now, DateTimeOffset ExpiresAt,
        string? Key, DateTimeOffset KeysSince, string? TraceParent);
}
