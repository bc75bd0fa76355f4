using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Contracts.Api;

namespace Ticketing.Tickets.Watches;

/// <summary>The listings that the user waits for, newest first; there are never more than a hundred.</summary>
internal static class ListWatches
{
    private const string Statement =
        $"""
        {Listing.Select}
        WHERE t.id IN (SELECT ticket_id FROM watches WHERE user_id = @userId) AND t.deleted_at IS NULL
        ORDER BY t.id DESC
        """;

    public static async Task<Ok<IReadOnlyList<TicketResponse>>> HandleAsync(
        ClaimsPrincipal user, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var listings = await connection.QueryAsync<Listing>(
            new CommandDefinition(Statement, new { userId = user.UserId() }, cancellationToken: cancellationToken));
        return TypedResults.Ok<IReadOnlyList<TicketResponse>>([.. listings.Select(listing => listing.ToResponse())]);
    }
}
