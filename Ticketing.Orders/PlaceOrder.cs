using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Ticketing.ApiDefaults;
using Ticketing.Contracts.Api;
using Ticketing.Data;
using Ticketing.Orders.Placing;
using Ticketing.ServiceDefaults;

namespace Ticketing.Orders;

/// <summary>The body of <c>POST /api/orders</c>.</summary>
/// <param name="TicketId">The listing.</param>
/// <param name="Quantity">1–10; 1 unless given.</param>
/// <example>{ "ticketId": "01980000-0000-7000-8000-000000000000", "quantity": 2 }</example>
internal sealed record PlaceOrderRequest([property: Required, SchemaType(typeof(Guid))] string? TicketId, int? Quantity = null);

/// <summary>
/// Reserves tickets for a buyer. Requests that wait at the same time are placed together (<see cref="Reservations"/>), in
/// one round trip and one transaction of the three statements here, which take the stock only where there is enough and
/// insert the orders and their events.
/// </summary>
/// <remarks>
/// First come, first served: each is judged in the order of arrival against what those before it left. Five that are not
/// there do not keep the next one from the one ticket that is left.
/// </remarks>
internal static class PlaceOrder
{
    public const int MaxQuantity = 10;
    private const int MaxKeyLength = 255;

    internal const string KeyConstraint = "orders_idempotency_key";

    internal const string TooMany = "Too many are ordering at the moment. Try again in a second.";

    internal static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Orders of one user take turns where they could get in each other's way, so that the statement sees what the ones
    /// before hold (nobody can lock a whole event for free) and which keys they used. Other users never wait for it. Taken
    /// in the order of their numbers, and before the listings, so that no two transactions wait for each other.
    /// </summary>
    internal const string Turns =
        """
        SELECT count(pg_advisory_xact_lock(1, turn)) FROM (
            SELECT DISTINCT hashtext(user_id::text) AS turn FROM unnest(@userIds, @keys) AS asked (user_id, key)
            WHERE @maxHeld::int IS NOT NULL OR key IS NOT NULL
            ORDER BY turn
        ) AS turns;
        """;

    /// <summary>
    /// In a statement of its own, so that the next one's snapshot sees the stock as the last transaction left it; in the
    /// order of the ids, as everywhere.
    /// </summary>
    internal const string Locks =
        """
        SELECT count(*) FROM (
            SELECT FROM listings WHERE id = ANY(@ticketIds) ORDER BY id FOR NO KEY UPDATE
        ) AS locked;
        """;

    /// <summary>
    /// A request that would be possible alone is granted if it is still possible after all possible ones before it. One
    /// that is not granted then must be judged again: some of those before it may not have been granted either.
    /// </summary>
    internal const string Statement =
        $"""
        WITH asked AS (
            SELECT * FROM unnest(@ids, @userIds, @ticketIds, @quantities, @keys, @traceParents)
                WITH ORDINALITY AS asked (id, user_id, ticket_id, quantity, key, trace_parent, place)
        ), replayed AS (
            SELECT asked.place, orders.* FROM asked JOIN orders
                ON orders.user_id = asked.user_id AND orders.idempotency_key = asked.key AND orders.created_at > @keysSince
        ), held AS (
            SELECT user_id, sum(quantity) AS quantity, min(expires_at) AS first_end FROM orders
            WHERE user_id = ANY(@userIds) AND status IN ('created', 'awaiting:payment') AND @maxHeld::int IS NOT NULL
            GROUP BY user_id
        ), alone AS (
            SELECT
                asked.*, title, price, listings.currency, version, available, listings.id IS NOT NULL AS listed,
                CASE WHEN price * asked.quantity NOT BETWEEN coalesce(smallest, 0) AND @largest THEN price * asked.quantity END AS unpayable,
                coalesce(held.quantity, 0) AS held,
                CASE WHEN held.quantity + asked.quantity > @maxHeld THEN first_end END AS wait_until,
                asked.quantity <= available
                    AND price * asked.quantity BETWEEN coalesce(smallest, 0) AND @largest
                    AND (@maxHeld::int IS NULL OR coalesce(held.quantity, 0) + asked.quantity <= @maxHeld) AS possible
            FROM asked
            LEFT JOIN listings ON listings.id = asked.ticket_id AND NOT deleted
            LEFT JOIN unnest(@currencies, @smallest) AS limits (currency, smallest) ON limits.currency = listings.currency
            LEFT JOIN held ON held.user_id = asked.user_id
            WHERE NOT EXISTS (SELECT FROM replayed WHERE replayed.place = asked.place)
        ), judged AS (
            SELECT
                *,
                possible
                    AND sum(quantity) OVER (PARTITION BY possible, ticket_id ORDER BY place) <= available
                    AND (@maxHeld::int IS NULL
                        OR held + sum(quantity) OVER (PARTITION BY possible, user_id ORDER BY place) <= @maxHeld)
                    AND (key IS NULL OR row_number() OVER (PARTITION BY possible, user_id, key ORDER BY place) = 1)
                    AS granted
            FROM alone
        ), taken AS (
            UPDATE listings SET available = available - granted.quantity
            FROM (SELECT ticket_id, sum(quantity)::int AS quantity FROM judged WHERE granted GROUP BY ticket_id) AS granted
            WHERE listings.id = granted.ticket_id
        ), placed AS (
            INSERT INTO orders (
                id, user_id, ticket_id, quantity, amount, currency, ticket_title, ticket_price, ticket_version,
                status, created_at, hold_ends_at, expires_at, idempotency_key)
            SELECT
                id, user_id, ticket_id, quantity, price * quantity, currency, title, price, version,
                'created', @now, @expiresAt, @expiresAt, key
            FROM judged WHERE granted
            RETURNING *
        ), published AS (
            INSERT INTO outbox (type, body, trace_parent)
            SELECT 'OrderCreated', order_event(placed::orders), trace_parent FROM placed JOIN asked USING (id)
        )
        SELECT place, coalesce(possible AND NOT granted, false) AS judge_again, listed, wait_until, unpayable, judged.currency, placed.*
        FROM judged LEFT JOIN (SELECT {Order.Columns} FROM placed) AS placed USING (id)
        UNION ALL
        SELECT place, false, true, NULL, NULL, NULL, {Order.Columns} FROM replayed
        """;

    public static async Task<Results<Created<OrderResponse>, ProblemHttpResult>> HandleAsync(
        PlaceOrderRequest request,
        [FromHeader(Name = "Idempotency-Key"), StringLength(MaxKeyLength, MinimumLength = 1)]
        [Description("Whoever sends the same key again gets the same order: for 24 hours, each user for themselves.")]
        string? idempotencyKey,
        ClaimsPrincipal user,
        Reservations reservations,
        IOptions<OrdersOptions> options,
        TimeProvider clock,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        var ticketId = errors.RequireId(request.TicketId, "ticketId");
        var quantity = request.Quantity ?? 1;
        errors.Require(
            quantity is >= 1 and <= MaxQuantity, "quantity", $"Order between 1 and {MaxQuantity} tickets.");
        errors.Require(
            idempotencyKey is null or { Length: >= 1 and <= MaxKeyLength },
            "Idempotency-Key", $"An idempotency key has 1–{MaxKeyLength} characters.");
        if (!errors.None)
            return Problems.Validation(errors);

        Telemetry.About(Telemetry.TicketId, ticketId);
        var placement = await reservations.PlaceAsync(
            new Reservation(user.UserId(), ticketId, quantity, idempotencyKey, Outbox.TraceParent), cancellationToken);
        return placement switch
        {
            null => Problems.Unavailable(context, RetryAfter, TooMany),
            { Listed: false } => Problems.NotFound("Ticket"),
            { Unpayable: { } why } => Problems.BadRequest(why),
            { Order: null, WaitUntil: { } end } => Problems.TooManyRequests(context, end - clock.GetUtcNow(),
                $"You may hold {options.Value.MaxHeldPerUser} tickets at once: pay for those you hold, or give some back."),
            { Order: null } => Problems.BadRequest("Not enough tickets are available."),
            { Order: var order } when order.TicketId != ticketId || order.Quantity != quantity =>
                Problems.BadRequest("This idempotency key was used for another order."),
            { Order: var order } => Created(order),
        };
    }

    private static Created<OrderResponse> Created(Order order)
    {
        Telemetry.About(Telemetry.OrderId, order.Id);
        return TypedResults.Created($"/api/orders/{order.Id}", order.ToResponse());
    }
}
