using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Contracts.Api;

namespace Ticketing.Tickets;

/// <summary>Listings by their ids, for a page that shows them already: those that were withdrawn are left out.</summary>
internal static class CertainTickets
{
    private const int Most = 100;

    private const string Statement = $"{Listing.Select} WHERE t.id = ANY(@ids) AND t.deleted_at IS NULL ORDER BY t.id DESC";

    public static async Task<Results<Ok<IReadOnlyList<TicketResponse>>, ProblemHttpResult>> ReadAsync(
        string text, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var parts = text.Split(',', Most + 1);
        var ids = new Guid[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts.Length <= Most && Guid.TryParseExact(parts[i], "D", out ids[i]))
                continue;
            var errors = new ValidationErrors();
            errors.Add("ids", $"Name 1–{Most} tickets by their ids, with commas between.");
            return Problems.Validation(errors);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var listings = await connection.QueryAsync<Listing>(
            new CommandDefinition(Statement, new { ids }, cancellationToken: cancellationToken));
        return TypedResults.Ok<IReadOnlyList<TicketResponse>>([.. listings.Select(listing => listing.ToResponse())]);
    }
}
