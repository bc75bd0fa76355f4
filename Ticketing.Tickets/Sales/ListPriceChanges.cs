using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;

namespace Ticketing.Tickets.Sales;

/// <summary>How the price of a listing of one's own changed, newest first; the latest 100 changes.</summary>
internal static class ListPriceChanges
{
    private const string Statement =
        """
        SELECT changed_at, version, old_price, old_currency, price, currency
        FROM price_changes WHERE ticket_id = @ticketId
        ORDER BY version DESC LIMIT 100
        """;

    public static async Task<Results<Ok<IReadOnlyList<PriceChange>>, ProblemHttpResult>> HandleAsync(
        string id, ClaimsPrincipal user, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(id, "D", out var ticketId))
            return Problems.NotFound("Ticket");

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var listing = await GetTicket.ReadAsync(connection, ticketId, cancellationToken);
        if (listing is null)
            return Problems.NotFound("Ticket");
        if (listing.SellerId != user.UserId())
            return Problems.NotOwner();

        var changes = await connection.QueryAsync<Row>(
            new CommandDefinition(Statement, new { ticketId }, cancellationToken: cancellationToken));
        return TypedResults.Ok<IReadOnlyList<PriceChange>>([.. changes.Select(change => change.ToResponse())]);
    }

    private sealed record Row(
        DateTime ChangedAt, int Version, long OldPrice, string OldCurrency, long Price, string Currency)
    {
        public PriceChange ToResponse() => new(
            ChangedAt, Version, Money.FromMinorUnits(OldPrice), OldCurrency, Money.FromMinorUnits(Price), Currency);
    }
}
