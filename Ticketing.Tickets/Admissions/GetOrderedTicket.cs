using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Contracts.Api;

namespace Ticketing.Tickets.Admissions;

/// <summary>
/// A buyer looks at the listing of an order: date and venue stay known to those who have tickets, also when it was withdrawn.
/// </summary>
internal static class GetOrderedTicket
{
    private const string SelectOrder = "SELECT ticket_id, user_id FROM reservations WHERE order_id = @id";

    public static async Task<Results<Ok<TicketResponse>, ProblemHttpResult>> HandleAsync(
        string orderId, ClaimsPrincipal user, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(orderId, "D", out var id))
            return Problems.NotFound("Order");

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var order = await connection.QuerySingleOrDefaultAsync<(Guid TicketId, Guid? UserId)?>(
            new CommandDefinition(SelectOrder, new { id }, cancellationToken: cancellationToken));
        if (order?.UserId is not { } buyer)
            return Problems.NotFound("Order");
        if (buyer != user.UserId())
            return Problems.NotOwner();
        return await GetTicket.ReadEvenWithdrawnAsync(connection, order.Value.TicketId, cancellationToken) is { } listing
            ? TypedResults.Ok(listing.ToResponse())
            : Problems.NotFound("Ticket");
    }
}
