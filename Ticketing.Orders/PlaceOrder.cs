using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Ticketing.ApiDefaults;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Data;
using Ticketing.Orders.Placing;
using Ticketing.ServiceDefaults;

namespace Ticketing.Orders;

/// <summary>The body of <c>POST /api/orders</c>.</summary>
/// <param name="TicketId">The listing.</param>
/// <param name="Quantity">1–10; 1 unless given.</param>
/// <param name="ExpectedPrice">The price for one ticket that the buyer saw: at another one nothing is reserved.</param>
/// <param name="ExpectedCurrency">The currency of that price, ISO 4217 in lower case: in another one nothing is reserved.</param>
/// <param name="Version">The listing's version that the buyer saw: if the seller has changed anything since, nothing is reserved.</param>
/// <example>{ "ticketId": "01980000-0000-7000-8000-000000000000", "quantity": 2, "expectedPrice": 42.5, "expectedCurrency": "usd" }</example>
internal sealed record PlaceOrderRequest(
    [property: Required, SchemaType(typeof(Guid))] string? TicketId,
    int? Quantity = null,
    decimal? ExpectedPrice = null,
    string? ExpectedCurrency = null,
    int? Version = null);

/// <summary>
/// Reserves tickets for a buyer. Requests that wait at the same time are placed together (<see cref="Reservations"/>), in
/// one round trip and one transaction of the statements here, which take the stock only where there is enough and
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

    /// <summary>How long a buyer who let two holds of a listing go unpaid waits, after the last of them, before the next one.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

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
    /// A request that no rule refuses alone is granted if it is still possible after all such ones before it. One that is not
    /// granted then must be judged again: some of those before it may not have been granted either.
    /// </summary>
    /// <remarks>
    /// Without <c>@maxHeld</c> no limit of a buyer counts. What the buyer has of the listing is looked up by itself for each
    /// request, in an index that has little of each buyer.
    /// </remarks>
    internal const string Statement =
        $"""
        WITH asked AS (
            SELECT *
            FROM unnest(
                @ids, @userIds, @ticketIds, @quantities, @keys, @traceParents, @expectedPrices, @expectedCurrencies, @expectedVersions)
                WITH ORDINALITY AS asked (
                    id, user_id, ticket_id, quantity, key, trace_parent, expected_price, expected_currency, expected_version, place)
        ), replayed AS (
            SELECT asked.place, orders.* FROM asked JOIN orders
                ON orders.user_id = asked.user_id AND orders.idempotency_key = asked.key AND orders.created_at > @keysSince
        ), held AS (
            SELECT user_id, ticket_id, sum(quantity) AS quantity, min(expires_at) AS end_here FROM orders
            WHERE user_id = ANY(@userIds) AND status IN ('created', 'awaiting:payment') AND @maxHeld::int IS NOT NULL
            GROUP BY user_id, ticket_id
        ), buyers AS (
            SELECT user_id, sum(quantity) AS held, min(end_here) AS first_end FROM held GROUP BY user_id
        ), alone AS (
            SELECT
                asked.*, title, price, listings.currency, version, available,
                coalesce(buyers.held, 0) AS held, first_end, held_here, bought, buyer.max_per_buyer, paused_until,
                CASE
                    WHEN listings.id IS NULL THEN '{Refusal.Unlisted}'
                    WHEN starts_at <= @now THEN '{Refusal.Begun}'
                    WHEN expected_price <> price OR expected_currency <> listings.currency OR expected_version <> version THEN '{Refusal.Changed}'
                    WHEN price * asked.quantity NOT BETWEEN coalesce(smallest, 0) AND @largest THEN '{Refusal.Unpayable}'
                    WHEN held_here + bought + asked.quantity > buyer.max_per_buyer THEN '{Refusal.OverLimit}'
                    WHEN paused_until > @now THEN '{Refusal.Paused}'
                    WHEN coalesce(buyers.held, 0) + asked.quantity > @maxHeld THEN '{Refusal.HeldTooMuch}'
                    WHEN asked.quantity > available THEN '{Refusal.TooFew}'
                END AS refusal
            FROM asked
            LEFT JOIN listings ON listings.id = asked.ticket_id AND NOT deleted
            LEFT JOIN unnest(@currencies, @smallest) AS limits (currency, smallest) ON limits.currency = listings.currency
            LEFT JOIN buyers ON buyers.user_id = asked.user_id
            LEFT JOIN held ON held.user_id = asked.user_id AND held.ticket_id = asked.ticket_id
            LEFT JOIN LATERAL (
                SELECT
                    coalesce(held.quantity, 0) AS held_here,
                    coalesce((
                        SELECT sum(quantity) FROM orders
                        WHERE user_id = asked.user_id AND ticket_id = asked.ticket_id AND status = 'complete'), 0) AS bought,
                    coalesce(listings.max_per_buyer, @defaultMaxPerBuyer) AS max_per_buyer,
                    (
                        SELECT max(unpaid_at) + @pause
                        FROM (
                            SELECT unpaid_at FROM orders
                            WHERE user_id = asked.user_id AND ticket_id = asked.ticket_id AND unpaid_at IS NOT NULL
                            ORDER BY unpaid_at DESC LIMIT 2) AS last_two
                        HAVING count(*) = 2) AS paused_until
                WHERE @maxHeld::int IS NOT NULL
            ) AS buyer ON true
            WHERE NOT EXISTS (SELECT FROM replayed WHERE replayed.place = asked.place)
        ), judged AS (
            SELECT
                *,
                refusal IS NULL
                    AND sum(quantity) OVER (PARTITION BY refusal IS NULL, ticket_id ORDER BY place) <= available
                    AND (@maxHeld::int IS NULL OR
                        held + sum(quantity) OVER (PARTITION BY refusal IS NULL, user_id ORDER BY place) <= @maxHeld
                        AND held_here + bought
                            + sum(quantity) OVER (PARTITION BY refusal IS NULL, user_id, ticket_id ORDER BY place) <= max_per_buyer)
                    AND (key IS NULL OR row_number() OVER (PARTITION BY refusal IS NULL, user_id, key ORDER BY place) = 1)
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
        SELECT
            place, refusal IS NULL AND NOT granted AS judge_again, refusal,
            CASE refusal WHEN '{Refusal.Paused}' THEN paused_until WHEN '{Refusal.HeldTooMuch}' THEN first_end END AS wait_until,
            judged.price, judged.currency, judged.version, coalesce(max_per_buyer, 0),
            coalesce(held_here, 0)::bigint, coalesce(bought, 0)::bigint,
            CASE WHEN refusal IN ('{Refusal.OverLimit}', '{Refusal.TooFew}') THEN (
                SELECT id FROM orders
                WHERE user_id = judged.user_id AND ticket_id = judged.ticket_id AND status IN ('created', 'awaiting:payment')
                LIMIT 1) END AS own_order,
            placed.*
        FROM judged LEFT JOIN (SELECT {Order.Columns} FROM placed) AS placed USING (id)
        UNION ALL
        SELECT place, false, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, NULL, {Order.Columns} FROM replayed
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
        var expectedPrice = request.ExpectedPrice is { } price ? Money.ToMinorUnits(price) : null;
        errors.Require(
            request.ExpectedPrice is null || expectedPrice is not null, "expectedPrice", "A price has at most 2 decimals.");
        errors.Require(
            request.ExpectedCurrency is null || (request.ExpectedCurrency.Length == 3 && request.ExpectedCurrency.All(char.IsAsciiLetterLower)),
            "expectedCurrency", "A currency has three letters, such as usd.");
        if (!errors.None)
            return Problems.Validation(errors);

        Telemetry.About(Telemetry.TicketId, ticketId);
        var reservation = new Reservation(user.UserId(), ticketId, quantity, idempotencyKey, Outbox.TraceParent)
        {
            ExpectedPrice = expectedPrice, ExpectedCurrency = request.ExpectedCurrency, ExpectedVersion = request.Version,
        };
        return await reservations.PlaceAsync(reservation, cancellationToken) switch
        {
            null => Problems.Busy(context, RetryAfter, TooMany),
            { Refusal: { } refusal } => refusal.ToProblem(reservation, options.Value.MaxHeldPerUser, clock.GetUtcNow(), context),
            { Order: { } order } when reservation.Fits(order) => Created(order),
            _ => Problems.BadRequest("This idempotency key was used for another order."),
        };
    }

    private static Created<OrderResponse> Created(Order order)
    {
        Telemetry.About(Telemetry.OrderId, order.Id);
        return TypedResults.Created($"/api/orders/{order.Id}", order.ToResponse());
    }
}
