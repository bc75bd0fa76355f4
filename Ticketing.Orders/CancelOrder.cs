using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Contracts;
using Ticketing.Data;

namespace Ticketing.Orders;

/// <summary>
/// The buyer gives the tickets back. Cancelling an order that has expired already makes that final: a late payment
/// could otherwise still complete it.
/// </summary>
internal static class CancelOrder
{
    private const string Statement =
        """
        WITH open AS (
            SELECT id, status FROM orders
            WHERE id = @id AND user_id = @userId
                AND (status IN ('created', 'awaiting:payment') OR (status = 'cancelled' AND reason = 'expired'))
            FOR UPDATE
        ), cancelled AS (
            UPDATE orders SET
                status = 'cancelled', reason = 'buyer', unpaid_at = coalesce(orders.unpaid_at, @now), version = version + 1
            FROM open WHERE orders.id = open.id
            RETURNING orders.*
        ), freed AS (
            UPDATE listings SET available = available + cancelled.quantity
            FROM cancelled, open
            WHERE listings.id = cancelled.ticket_id AND open.status <> 'cancelled'
        ), published AS (
            INSERT INTO outbox (type, body, trace_parent)
            SELECT 'OrderCancelled', order_event(cancelled::orders), @traceParent FROM cancelled
        )
        SELECT count(*) FROM cancelled
        """;

    public static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        string id,
        ClaimsPrincipal user,
        NpgsqlDataSource database,
        Outbox outbox,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(id, "D", out var orderId))
            return Problems.NotFound("Order");

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var cancelled = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            Statement,
            new { id = orderId, userId = user.UserId(), now = clock.GetUtcNow(), Outbox.TraceParent },
            cancellationToken: cancellationToken));
        if (cancelled > 0)
        {
            outbox.Wake();
            OrderMetrics.Cancelled.Add(1);
            return TypedResults.NoContent();
        }

        var order = await GetOrder.ReadAsync(connection, orderId, cancellationToken);
        return order switch
        {
            null => Problems.NotFound("Order"),
            _ when order.UserId != user.UserId() => Problems.NotOwner(),
            { Status: OrderStatus.Cancelled } => TypedResults.NoContent(),
            _ => Problems.BadRequest("This order is paid; it cannot be cancelled."),
        };
    }
}
