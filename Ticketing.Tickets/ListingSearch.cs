using Dapper;
using Ticketing.ApiDefaults;

namespace Ticketing.Tickets;

/// <summary>The statement that answers a query for a list: only the conditions that it has, so that each plan is its own.</summary>
/// <param name="Sort">The order.</param>
/// <param name="Statement">SQL; <c>@size</c> is still to be given.</param>
/// <param name="Parameters">Its parameters.</param>
internal sealed record ListingSearch(ListingSort Sort, string Statement, DynamicParameters Parameters)
{
    /// <summary>As the indexes have it, but for the seconds until the job that ends sales has come by.</summary>
    private const string OnSale = "t.offered AND NOT t.sales_ended";

    /// <summary>Notes what is wrong in the query; then the statement is not to be run.</summary>
    public static ListingSearch Parse(ListTickets.Query query, DateTimeOffset now, ValidationErrors errors)
    {
        var words = SearchWords.Parse(query.Words, errors);
        var sort = ListingSort.Parse(query.Sort, errors);
        var place = sort.ParseCursor(query.Cursor, errors);
        var all = ParseAll(query, errors);
        var parameters = new DynamicParameters();
        List<string> conditions = all ? ["t.deleted_at IS NULL"] : [OnSale];

        void Add<T>(T? value, string name, string condition)
            where T : struct
        {
            if (value is null)
                return;
            conditions.Add(condition);
            parameters.Add(name, value);
        }

        Add(ParseSeller(query.Seller, errors), "seller", "t.seller_id = @seller");
        // As the index has it, so that a walk along it begins and ends here.
        if (sort.OnlyToCome || !all)
            Add<DateTimeOffset>(now, "now", $"{ListingSort.Start} > @now");
        Add(ListingFilters.ParseTime(query.From, "from", errors), "from", $"{ListingSort.Start} >= @from AND t.starts_at IS NOT NULL");
        Add(ListingFilters.ParseTime(query.To, "to", errors), "to", $"{ListingSort.Start} < @to");
        Add(ListingFilters.ParsePrice(query.MinPrice, "minPrice", errors), "minPrice", "t.price >= @minPrice");
        Add(ListingFilters.ParsePrice(query.MaxPrice, "maxPrice", errors), "maxPrice", "t.price <= @maxPrice");
        if (place is { } last)
        {
            conditions.Add(sort.After);
            parameters.Add("key", sort.ToParameter(last.Key));
            parameters.Add("id", last.Id);
        }
        foreach (var (index, word) in words.Index())
        {
            conditions.Add($"t.searchable LIKE to_search_pattern(@word{index}) COLLATE \"C\"");
            parameters.Add($"word{index}", word);
        }
        // One row more tells whether there is a next page.
        return new ListingSearch(
            sort, $"{Listing.Select} WHERE {string.Join(" AND ", conditions)} ORDER BY {sort.OrderBy} LIMIT @size + 1", parameters);
    }

    private static Guid? ParseSeller(string? seller, ValidationErrors errors)
    {
        if (seller is null)
            return null;
        return errors.RequireId(seller, "seller");
    }

    private static bool ParseAll(ListTickets.Query query, ValidationErrors errors)
    {
        if (query.All is null)
            return false;
        errors.Require(bool.TryParse(query.All, out var all), "all", "Say true or false.");
        errors.Require(!all || query.Seller is not null, "all", "Say whose: all needs a seller.");
        return all;
    }
}
