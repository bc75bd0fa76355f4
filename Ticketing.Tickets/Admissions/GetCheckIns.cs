using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Contracts.Api;

namespace Ticketing.Tickets.Admissions;

/// <summary>The seller sees how many are in, and the last few; also of a listing that was withdrawn.</summary>
internal static class GetCheckIns
{
    private const int Latest = 10;

    private const string SelectTotal = "SELECT coalesce((SELECT checked_in FROM check_in_totals WHERE ticket_id = @ticketId), 0)";

    private const string SelectLatest =
        """
        SELECT a.number, a.code, a.checked_in_at, a.checked_in_door, r.quantity FROM admissions a JOIN reservations r USING (order_id)
        WHERE a.ticket_id = @ticketId AND a.checked_in_at IS NOT NULL
        ORDER BY a.checked_in_at DESC LIMIT @Latest
        """;

    public static async Task<Results<Ok<CheckInsResponse>, ProblemHttpResult>> HandleAsync(
        string id, ClaimsPrincipal user, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(id, "D", out var ticketId))
            return Problems.NotFound("Ticket");

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var listing = await GetTicket.ReadEvenWithdrawnAsync(connection, ticketId, cancellationToken);
        if (listing is null)
            return Problems.NotFound("Ticket");
        if (listing.SellerId != user.UserId())
            return Problems.NotOwner();

        var total = await connection.ExecuteScalarAsync<int>(
            new CommandDefinition(SelectTotal, new { ticketId }, cancellationToken: cancellationToken));
        var latest = await connection.QueryAsync<Used>(
            new CommandDefinition(SelectLatest, new { ticketId, Latest }, cancellationToken: cancellationToken));
        return TypedResults.Ok(new CheckInsResponse(total, listing.Sold, [.. latest.Select(used => used.ToResponse())], listing.Title));
    }
}
