using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Contracts.Api;

namespace Ticketing.Orders;

/// <summary>The user's own orders, newest first, a page at a time: all of them, or those that are open.</summary>
internal static class ListOrders
{
    private const int MaxLimit = 100;
    private const string Open = "open";

    // Ids are UUIDv7, so their order is that of time. One row more tells whether there is a next page.
    private const string All =
        $"SELECT {Order.Columns} FROM orders WHERE user_id = @userId AND id < @before ORDER BY id DESC LIMIT @size + 1";

    // A user holds few tickets at once: these are read by their own index and sorted, however many orders there were before.
    internal const string OnlyOpen =
        $"""
        WITH open AS MATERIALIZED (
            SELECT {Order.Columns} FROM orders WHERE user_id = @userId AND status IN ('created', 'awaiting:payment')
        )
        SELECT {Order.Columns} FROM open
        WHERE id < @before AND (@ticketId::uuid IS NULL OR ticket_id = @ticketId)
        ORDER BY id DESC LIMIT @size + 1
        """;

    public static async Task<Results<Ok<IReadOnlyList<OrderResponse>>, ProblemHttpResult>> HandleAsync(
        [SchemaType(typeof(int), Default = MaxLimit), Range(1, MaxLimit)] string? limit,
        string? cursor,
        [AllowedValues(Open), Description("Only those that hold tickets and are not paid yet.")] string? status,
        [SchemaType(typeof(Guid)), Description("With status: only those of this listing.")] string? ticketId,
        ClaimsPrincipal user,
        HttpContext context,
        NpgsqlDataSource database,
        CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        var size = Paging.ParseLimit(limit, MaxLimit, MaxLimit, errors);
        var before = Paging.ParseCursor(cursor, errors);
        errors.Require(status is null or Open, "status", $"Ask for orders that are {Open}, or leave it out.");
        var ofTicket = Guid.Empty;
        errors.Require(ticketId is null || Guid.TryParseExact(ticketId, "D", out ofTicket), "ticketId", "Say which ticket, by its id.");
        errors.Require(ticketId is null || status is not null, "ticketId", $"Ask for a ticket's orders together with status={Open}.");
        if (!errors.None)
            return Problems.Validation(errors);

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var orders = (await connection.QueryAsync<Order>(new CommandDefinition(
            status is null ? All : OnlyOpen,
            new { userId = user.UserId(), before, size, ticketId = ticketId is null ? (Guid?)null : ofTicket },
            cancellationToken: cancellationToken))).AsList();
        Paging.EndPage(
            context, orders, size, order => Paging.Cursor(order.Id), ("limit", limit), ("status", status), ("ticketId", ticketId));
        return TypedResults.Ok<IReadOnlyList<OrderResponse>>([.. orders.Select(order => order.ToResponse())]);
    }
}
