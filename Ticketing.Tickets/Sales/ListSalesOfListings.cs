using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;

namespace Ticketing.Tickets.Sales;

/// <summary>The seller's listings, newest first, with what was sold of each and for how much, a page at a time.</summary>
internal static class ListSalesOfListings
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    private const string Page =
        """
        SELECT id, title, starts_at, price, currency, quantity, sold, held, deleted_at IS NOT NULL AS withdrawn
        FROM tickets
        WHERE seller_id = @seller AND id < @before AND (deleted_at IS NULL OR sold > 0)
        ORDER BY id DESC LIMIT @size + 1
        """;

    private const string Earned =
        """
        SELECT ticket_id, currency, sum(tickets)::bigint AS tickets, sum(amount)::bigint AS amount
        FROM sales WHERE ticket_id = ANY(@ids)
        GROUP BY ticket_id, currency HAVING sum(tickets) > 0
        ORDER BY currency
        """;

    public static async Task<Results<Ok<IReadOnlyList<SalesOfListing>>, ProblemHttpResult>> HandleAsync(
        [SchemaType(typeof(int), Default = DefaultLimit), Range(1, MaxLimit)] string? limit,
        string? cursor,
        ClaimsPrincipal user,
        HttpContext context,
        NpgsqlDataSource database,
        CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        var size = Paging.ParseLimit(limit, DefaultLimit, MaxLimit, errors);
        var before = Paging.ParseCursor(cursor, errors);
        if (!errors.None)
            return Problems.Validation(errors);

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(
            Page, new { seller = user.UserId(), before, size }, cancellationToken: cancellationToken))).AsList();
        Paging.EndPage(context, rows, size, row => Paging.Cursor(row.Id), ("limit", limit));
        var earned = (await connection.QueryAsync<(Guid TicketId, string Currency, long Tickets, long Amount)>(new CommandDefinition(
            Earned, new { ids = rows.Select(row => row.Id).ToArray() }, cancellationToken: cancellationToken)))
            .ToLookup(sale => sale.TicketId, sale => new SalesTotal(sale.Currency, sale.Tickets, Money.FromMinorUnits(sale.Amount)));
        return TypedResults.Ok<IReadOnlyList<SalesOfListing>>([.. rows.Select(row => row.With([.. earned[row.Id]]))]);
    }

    private sealed record Row(
        Guid Id, string Title, DateTimeOffset? StartsAt, long Price, string Currency, int Quantity, int Sold, int Held,
        bool Withdrawn)
    {
        public SalesOfListing With(IReadOnlyList<SalesTotal> earned) => new(
            Id, Title, StartsAt, Money.FromMinorUnits(Price), Currency, Quantity, Sold, Held,
            Withdrawn ? 0 : Math.Max(Quantity - Held - Sold, 0), Withdrawn, earned);
    }
}
