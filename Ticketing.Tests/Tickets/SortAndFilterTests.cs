using System.Net;
using System.Net.Http.Json;
using Dapper;
using Shouldly;
using Ticketing.ApiDefaults;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tickets;
using Xunit;

namespace Ticketing.Tests.Tickets;

public sealed class SortAndFilterTests(TicketsFixture fixture) : TicketsTests(fixture)
{
    private DateTimeOffset Today => new(Platform.Clock.GetUtcNow().Date, TimeSpan.Zero);

    [Theory]
    [InlineData("newest", "FEDCBA")]
    [InlineData("soonest", "CABDEF")]
    [InlineData("price-asc", "BDACFE")]
    [InlineData("price-desc", "EFCADB")]
    public async Task Every_order_shows_everything_once_whatever_size_its_pages_have(string sort, string titles)
    {
        var seller = await ListSixAsync();
        foreach (var limit in new[] { 1, 2, 4, 6 })
        {
            var seen = new List<string>();
            for (var query = $"?seller={seller}&sort={sort}&limit={limit}"; query is not null;)
            {
                var (listed, next) = await GetAsync(query);
                listed.Count.ShouldBeInRange(1, limit);
                seen.AddRange(listed.Select(listing => listing.Title));
                query = next;
            }
            string.Concat(seen).ShouldBe(titles, $"pages of {limit}");
        }
    }

    [Fact]
    public async Task A_page_goes_on_where_the_one_before_ended_whatever_came_and_went_meanwhile()
    {
        var seller = await ListSixAsync();
        var (first, next) = await GetAsync($"?seller={seller}&sort=price-asc&limit=2");
        first.Select(listing => listing.Title).ShouldBe(["B", "D"]);

        await HoldAsync(first[1]);
        await ListAsync("Z", 1, null, seller);

        (await GetAsync(next!)).Listed.Select(listing => listing.Title).ShouldBe(["A", "C"]);
    }

    [Theory]
    [InlineData("minPrice=10", "FECA")]
    [InlineData("maxPrice=10", "DBA")]
    [InlineData("minPrice=10&maxPrice=19.99", "CA")]
    [InlineData("minPrice=0&maxPrice=0.5", "")]
    [InlineData("from={1}", "DCBA")]
    [InlineData("to={2}", "CBA")]
    [InlineData("from={2}&to={3}", "D")]
    [InlineData("from={2}&sort=soonest", "D")]
    [InlineData("from={1}&maxPrice=10&sort=price-desc&q=b", "B")]
    public async Task Bounds_leave_out_what_is_beyond_them(string query, string titles)
    {
        var seller = await ListSixAsync();
        for (var day = 1; day <= 3; day++)
            query = query.Replace($"{{{day}}}", $"{Today.AddDays(day):yyyy-MM-dd}");

        string.Concat((await GetAsync($"?seller={seller}&{query}")).Listed.Select(listing => listing.Title)).ShouldBe(titles);
    }

    [Fact]
    public async Task A_time_is_a_bound_to_the_second_in_any_zone()
    {
        var seller = await ListSixAsync();
        // A starts at 20:00 UTC.
        var start = Uri.EscapeDataString($"{Today.AddDays(1):yyyy-MM-dd}T21:00:00+01:00");
        (await GetAsync($"?seller={seller}&from={start}&to={Today.AddDays(2):yyyy-MM-dd}T00:00:00Z")).Listed
            .Select(listing => listing.Title).ShouldBe(["B", "A"]);
        (await GetAsync($"?seller={seller}&to={start}")).Listed.Select(listing => listing.Title).ShouldBe(["C"]);
    }

    [Theory]
    [InlineData("sort=cheapest", "sort")]
    [InlineData("sort=", "sort")]
    [InlineData("from=tomorrow", "from")]
    [InlineData("from=2026-12-24T19:30:00", "from")]
    [InlineData("from=2026-02-30", "from")]
    [InlineData("to=99999-01-01", "to")]
    [InlineData("minPrice=-1", "minPrice")]
    [InlineData("minPrice=1e3", "minPrice")]
    [InlineData("maxPrice=1.999", "maxPrice")]
    [InlineData("maxPrice=1000000.01", "maxPrice")]
    [InlineData("maxPrice=", "maxPrice")]
    [InlineData("sort=soonest&cursor=AAAAAAAAAAAAAAAAAAAAAA", "cursor")]
    [InlineData("sort=soonest&cursor=AX_________-AAAAAAAAAAAAAAAAAAAAAA", "cursor")]
    [InlineData("sort=soonest&cursor=Af__________AAAAAAAAAAAAAAAAAAAAAA", "cursor")]
    [InlineData("sort=price-asc&cursor=x", "cursor")]
    [InlineData("ids=", "ids")]
    [InlineData("ids=1,2", "ids")]
    public async Task A_wrong_bound_order_or_cursor_is_refused(string query, string field)
    {
        using var client = Tickets.Anonymous();
        using var answer = await client.GetAsync($"/api/tickets?{query}");
        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, field);
    }

    [Fact]
    public async Task A_cursor_belongs_to_its_order()
    {
        var seller = await ListSixAsync();
        var (_, next) = await GetAsync($"?seller={seller}&sort=price-asc&limit=2");
        using var client = Tickets.Anonymous();
        using var answer = await client.GetAsync($"/api/tickets{next!.Replace("price-asc", "price-desc")}");
        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "cursor");
    }

    [Fact]
    public async Task Certain_ones_are_shown_sold_out_or_not_but_not_when_they_are_gone()
    {
        var (first, soldOut, gone) = (await ListAsync(), await ListAsync(), await ListAsync());
        await HoldAsync(soldOut);
        await DeleteAsync(gone);

        var (listed, next) = await GetAsync($"?ids={first.Id},{soldOut.Id},{gone.Id},{Guid.NewGuid()},{first.Id}&limit=1");

        listed.Select(listing => (listing.Id, listing.Available)).ShouldBe([(soldOut.Id, 0), (first.Id, 1)]);
        next.ShouldBeNull();
        using var client = Tickets.Anonymous();
        var tooMany = string.Join(',', Enumerable.Repeat(first.Id, 101));
        await (await client.GetAsync($"/api/tickets?ids={tooMany}")).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "ids");
        (await client.GetAsync($"/api/tickets?ids={tooMany[..^37]}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Among_many_listings_every_order_and_bound_walks_an_index()
    {
        await using var connection = await Platform.OpenAsync("tickets");
        await connection.ExecuteAsync(
            """
            INSERT INTO tickets (id, seller_id, title, price, currency, quantity, sold, starts_at, created_at)
            SELECT gen_random_uuid(), gen_random_uuid(), 'Common ' || md5(i::text), 1 + (i * 7919) % 20000, 'usd', 1, i % 2,
                CASE WHEN i % 10 > 1 THEN now() + i % 5000 * interval '1 hour' END, now()
            FROM generate_series(1, 20000) AS i;
            ANALYZE tickets;
            """);
        var soon = $"{TimeProvider.System.GetUtcNow().AddHours(20):yyyy-MM-dd'T'HH:mm:ss'Z'}";
        var later = $"{TimeProvider.System.GetUtcNow().AddHours(30):yyyy-MM-dd'T'HH:mm:ss'Z'}";
        var cursor = (string sort) => ListingSort.Parse(sort, new()).CursorAfter(new Listing
        {
            Id = Guid.NewGuid(), SellerId = Guid.NewGuid(), Title = "", Price = 10_000, Currency = "usd", Quantity = 1, Held = 0, Sold = 0,
            StartsAt = TimeProvider.System.GetUtcNow().AddDays(100), CreatedAt = default, Version = 0,
        });

        (await PlanAsync(new() { })).ShouldContain("tickets_on_sale");
        foreach (var place in new[] { null, cursor("soonest") })
            (await PlanAsync(new() { Sort = "soonest", Cursor = place })).ShouldContain("tickets_on_sale_by_start");
        foreach (var sort in new[] { "price-asc", "price-desc" })
        {
            (await PlanAsync(new() { Sort = sort })).ShouldContain("tickets_on_sale_by_price");
            (await PlanAsync(new() { Sort = sort, Cursor = cursor(sort) })).ShouldContain("tickets_on_sale_by_price");
        }
        (await PlanAsync(new() { From = soon, To = later })).ShouldContain("tickets_on_sale_by_start");
        (await PlanAsync(new() { MinPrice = "100", MaxPrice = "100.20" })).ShouldContain("tickets_on_sale_by_price");
        (await PlanAsync(new() { Words = "c81e728d9d4c2f636f067f89cc14862c", Sort = "price-asc" })).ShouldContain("tickets_on_sale_search");
        (await PlanAsync(new() { Words = "common", Sort = "soonest" })).ShouldContain("tickets_on_sale_by_start");

        // The statement as the service runs it, planned for these parameters; walked, never sorted whole.
        async Task<string> PlanAsync(Asked asked)
        {
            var errors = new ValidationErrors();
            var search = ListingSearch.Parse(
                new(asked.Words, null, asked.Cursor, null, null, asked.From, asked.To, asked.MinPrice, asked.MaxPrice, asked.Sort),
                TimeProvider.System.GetUtcNow(), errors);
            errors.All.ShouldBeEmpty();
            search.Parameters.Add("size", 50);
            var plan = string.Join('\n', await connection.QueryAsync<string>($"EXPLAIN {search.Statement}", search.Parameters));
            plan.ShouldNotContain("Seq Scan on tickets");
            return plan;
        }
    }

    /// <summary>A to F of one seller: what they cost, and when they start from today's beginning on.</summary>
    private async Task<Guid> ListSixAsync()
    {
        var seller = Guid.CreateVersion7();
        await ListAsync("A", 10m, Today.AddDays(1).AddHours(20), seller);
        await ListAsync("B", 5m, Today.AddDays(1).AddHours(21), seller);
        await ListAsync("C", 19.99m, Today.AddDays(1).AddHours(19), seller);
        await ListAsync("D", 5m, Today.AddDays(2).AddHours(12), seller);
        await ListAsync("E", 100m, null, seller);
        await ListAsync("F", 99.99m, null, seller);
        return seller;
    }

    private async Task<TicketResponse> ListAsync(string title, decimal price, DateTimeOffset? startsAt, Guid seller)
    {
        using var answer = await PostAsync(new { title, price, startsAt }, seller);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        return (await answer.Content.ReadFromJsonAsync<TicketResponse>())!;
    }

    private async Task<(IReadOnlyList<TicketResponse> Listed, string? Next)> GetAsync(string query)
    {
        using var client = Tickets.Anonymous();
        using var answer = await client.GetAsync($"/api/tickets{query}");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        var next = answer.Headers.TryGetValues("Link", out var links) ? links.Single().Split('>')[0]["</api/tickets".Length..] : null;
        return ((await answer.Content.ReadFromJsonAsync<TicketResponse[]>())!, next);
    }

    private sealed record Asked
    {
        public string? Words { get; init; }

        public string? Cursor { get; init; }

        public string? From { get; init; }

        public string? To { get; init; }

        public string? MinPrice { get; init; }

        public string? MaxPrice { get; init; }

        public string? Sort { get; init; }
    }
}
