using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Ticketing.Contracts.Api;

namespace Ticketing.Tickets;

/// <summary>Which listings have a waiting room: for the site, which lets buyers through. It forwards nothing to here.</summary>
internal static class ListRooms
{
    private const int PageSize = 1000;

    /// <summary>Up to 1,000, by id; the next page begins after the last one's.</summary>
    public static async Task<Ok<IEnumerable<WaitingRoomResponse>>> HandleAsync(
        [FromQuery] Guid? after, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return TypedResults.Ok(await connection.QueryAsync<WaitingRoomResponse>(new CommandDefinition(
            """
            SELECT id AS "TicketId", buyers_per_minute AS "BuyersPerMinute", version AS "Version" FROM tickets
            WHERE buyers_per_minute IS NOT NULL AND deleted_at IS NULL AND id > @after ORDER BY id LIMIT @PageSize
            """,
            new { after = after ?? Guid.Empty, PageSize }, cancellationToken: cancellationToken)));
    }
}
