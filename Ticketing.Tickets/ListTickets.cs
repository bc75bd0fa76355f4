using System.ComponentModel;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Ticketing.Contracts.Api;
using Ticketing.ServiceDefaults;

namespace Ticketing.Tickets;

/// <summary>What is on sale, newest first, a page at a time; or all that one seller has listed.</summary>
internal static class ListTickets
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 100;

    // A prepared statement would soon get one plan for all words; but a rare word is found by the trigram index and a
    // frequent one by walking the list. Holds until the end of this batch, which is one transaction.
    private const string PlanForTheseWords = "SELECT set_config('plan_cache_mode', 'force_custom_plan', true)";

    /// <summary>The query as it came: a wrong one is answered with all that is wrong in it.</summary>
    internal sealed record Query(
        [property: FromQuery(Name = "q"), Description("Words that all occur in title or venue, in any case; at most 10 words and 200 characters.")]
        string? Words,
        [property: FromQuery(Name = "limit"), Description("1–100, default 50.")]
        string? Limit,
        [property: FromQuery(Name = "cursor"), Description("From the Link header of the page before.")]
        string? Cursor,
        [property: FromQuery(Name = "seller"), Description("Only this user's listings.")]
        string? Seller,
        [property: FromQuery(Name = "all"), Description("With seller: true shows those too of which nothing is available.")]
        string? All);

    public static async Task<Results<Ok<IReadOnlyList<TicketResponse>>, ProblemHttpResult>> HandleAsync(
        [AsParameters] Query query, HttpContext context, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        var words = SearchWords.Parse(query.Words, errors);
        var size = Paging.ParseLimit(query.Limit, DefaultLimit, MaxLimit, errors);
        var before = Paging.ParseCursor(query.Cursor, errors);
        var seller = ParseSeller(query.Seller, errors);
        var all = ParseAll(query, errors);
        if (!errors.None)
            return Problems.Validation(errors);

        var parameters = new DynamicParameters(new { before, seller, size });
        List<string> conditions = [all ? "t.deleted_at IS NULL" : "t.offered", "t.id < @before"];
        if (seller is not null)
            conditions.Add("t.seller_id = @seller");
        foreach (var (index, word) in words.Index())
        {
            conditions.Add($"t.search LIKE lower(@word{index} COLLATE \"und-x-icu\") COLLATE \"C\"");
            parameters.Add($"word{index}", word.Pattern);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var results = await connection.QueryMultipleAsync(new CommandDefinition(
            // Ids are UUIDv7, so their order is that of time. One row more tells whether there is a next page.
            $"""
            {PlanForTheseWords};
            {Listing.Select} WHERE {string.Join(" AND ", conditions)} ORDER BY t.id DESC LIMIT @size + 1
            """,
            parameters, cancellationToken: cancellationToken));
        await results.ReadAsync();
        var listings = (await results.ReadAsync<Listing>()).AsList();
        if (listings.Count > size)
        {
            Paging.AddNextLink(
                context, listings[size - 1].Id,
                ("q", query.Words), ("limit", query.Limit), ("seller", query.Seller), ("all", query.All));
        }
        return TypedResults.Ok<IReadOnlyList<TicketResponse>>([.. listings.Take(size).Select(listing => listing.ToResponse())]);
    }

    private static Guid? ParseSeller(string? seller, ValidationErrors errors)
    {
        if (seller is null)
            return null;
        errors.Require(Guid.TryParseExact(seller, "D", out var id), "seller", "A seller is named by a user's id.");
        return id;
    }

    private static bool ParseAll(Query query, ValidationErrors errors)
    {
        if (query.All is null)
            return false;
        errors.Require(bool.TryParse(query.All, out var all), "all", "Say true or false.");
        errors.Require(!all || query.Seller is not null, "all", "Say whose: all needs a seller.");
        return all;
    }
}
