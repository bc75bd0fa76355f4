using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Contracts.Api;

namespace Ticketing.Orders;

/// <summary>The user's own orders, newest first, a page at a time.</summary>
internal static class ListOrders
{
    private const int MaxLimit = 100;

    public static async Task<Results<Ok<IReadOnlyList<OrderResponse>>, ProblemHttpResult>> HandleAsync(
        [SchemaType(typeof(int), Default = MaxLimit), Range(1, MaxLimit)] string? limit,
        string? cursor,
        ClaimsPrincipal user,
        HttpContext context,
        NpgsqlDataSource database,
        CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        var size = Paging.ParseLimit(limit, MaxLimit, MaxLimit, errors);
        var before = Paging.ParseCursor(cursor, errors);
        if (!errors.None)
            return Problems.Validation(errors);

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var orders = (await connection.QueryAsync<Order>(new CommandDefinition(
            // Ids are UUIDv7, so their order is that of time. One row more tells whether there is a next page.
            $"""
            SELECT {Order.Columns} FROM orders
            WHERE user_id = @userId AND id < @before
            ORDER BY id DESC LIMIT @size + 1
            """,
            new { userId = user.UserId(), before, size }, cancellationToken: cancellationToken))).AsList();
        Paging.EndPage(context, orders, size, order => Paging.Cursor(order.Id), ("limit", limit));
        return TypedResults.Ok<IReadOnlyList<OrderResponse>>([.. orders.Select(order => order.ToResponse())]);
    }
}
