using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Contracts.Api;

namespace Ticketing.Tickets;

/// <summary>One listing, sold out or not, until it is withdrawn.</summary>
internal static class GetTicket
{
    public static async Task<Results<Ok<TicketResponse>, ProblemHttpResult>> HandleAsync(
        string id, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(id, "D", out var ticketId))
            return Problems.NotFound("Ticket");

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await ReadAsync(connection, ticketId, cancellationToken) is { } listing
            ? TypedResults.Ok(listing.ToResponse())
            : Problems.NotFound("Ticket");
    }

    /// <summary>The listing as it is now; null if there is none or it was withdrawn.</summary>
    public static async Task<Listing?> ReadAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken) =>
        await ReadEvenWithdrawnAsync(connection, id, cancellationToken) is { Withdrawn: false } listing ? listing : null;

    /// <summary>The listing as it is now or last was, for those who sold or bought some of it; null if there never was one.</summary>
    public static Task<Listing?> ReadEvenWithdrawnAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<Listing>(new CommandDefinition(
            $"{Listing.Select} WHERE t.id = @id", new { id }, cancellationToken: cancellationToken));
}
