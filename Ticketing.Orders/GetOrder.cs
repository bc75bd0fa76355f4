using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Contracts.Api;

namespace Ticketing.Orders;

/// <summary>One of the user's own orders.</summary>
internal static class GetOrder
{
    public static async Task<Results<Ok<OrderResponse>, ProblemHttpResult>> HandleAsync(
        string id, ClaimsPrincipal user, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(id, "D", out var orderId))
            return Problems.NotFound("Order");

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var order = await ReadAsync(connection, orderId, cancellationToken);
        return order switch
        {
            null => Problems.NotFound("Order"),
            _ when order.UserId != user.UserId() => Problems.NotOwner(),
            _ => TypedResults.Ok(order.ToResponse()),
        };
    }

    public static Task<Order?> ReadAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<Order>(new CommandDefinition(
            $"SELECT {Order.Columns} FROM orders WHERE id = @id", new { id }, cancellationToken: cancellationToken));
}
