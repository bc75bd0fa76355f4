using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Ticketing.ApiDefaults;
using Ticketing.Contracts.Api;

namespace Ticketing.Tickets;

/// <summary>What is on sale, a page at a time; or all that one seller has listed; or certain ones.</summary>
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
        [property: FromQuery(Name = "limit"), Description("How many on a page."), SchemaType(typeof(int), Default = DefaultLimit), Range(1, MaxLimit)]
        string? Limit,
        [property: FromQuery(Name = "cursor"), Description("From the Link header of the page before, in the same order.")]
        string? Cursor,
        [property: FromQuery(Name = "seller"), Description("Only this user's listings."), SchemaType(typeof(Guid))]
        string? Seller,
        [property: FromQuery(Name = "all"), Description("With seller: true shows those too of which nothing is available."), SchemaType(typeof(bool))]
        string? All,
        [property: FromQuery(Name = "from"), Description("Only what starts at this time or later: ISO 8601, or a day (in UTC).")]
        string? From = null,
        [property: FromQuery(Name = "to"), Description("Only what starts before this time.")]
        string? To = null,
        [property: FromQuery(Name = "minPrice"), Description("Only what costs at least this, in units of its currency."), SchemaType(typeof(decimal))]
        string? MinPrice = null,
        [property: FromQuery(Name = "maxPrice"), Description("Only what costs at most this."), SchemaType(typeof(decimal))]
        string? MaxPrice = null,
        [property: FromQuery(Name = "sort"), Description("In which order: newest unless given; soonest leaves out what has begun and has what has no date last."),
            AllowedValues("newest", "soonest", "price-asc", "price-desc")]
        string? Sort = null,
        [property: FromQuery(Name = "ids"), Description("Only these, 1–100 ids with commas between, available or not; whatever else is asked for does not count.")]
        string? Ids = null);

    public static async Task<Results<Ok<IReadOnlyList<TicketResponse>>, ProblemHttpResult>> HandleAsync(
        [AsParameters] Query query, HttpContext context, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (query.Ids is not null)
            return await CertainTickets.ReadAsync(query.Ids, database, cancellationToken);
        var errors = new ValidationErrors();
        var search = ListingSearch.Parse(query, clock.GetUtcNow(), errors);
        var size = Paging.ParseLimit(query.Limit, DefaultLimit, MaxLimit, errors);
        if (!errors.None)
            return Problems.Validation(errors);

        search.Parameters.Add("size", size);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var results = await connection.QueryMultipleAsync(new CommandDefinition(
            $"{PlanForTheseWords};\n{search.Statement}", search.Parameters, cancellationToken: cancellationToken));
        await results.ReadAsync();
        var listings = (await results.ReadAsync<Listing>()).AsList();
        Paging.EndPage(
            context, listings, size, search.Sort.CursorAfter,
            ("q", query.Words), ("limit", query.Limit), ("seller", query.Seller), ("all", query.All), ("from", query.From),
            ("to", query.To), ("minPrice", query.MinPrice), ("maxPrice", query.MaxPrice), ("sort", query.Sort));
        return TypedResults.Ok<IReadOnlyList<TicketResponse>>([.. listings.Select(listing => listing.ToResponse())]);
    }
}
