using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Tickets;

public sealed partial class SalesTests(TicketsFixture fixture) : TicketsTests(fixture)
{
    private readonly Guid seller = Guid.CreateVersion7();

    private DateOnly Today => DateOnly.FromDateTime(Platform.Clock.GetUtcNow().UtcDateTime);

    [Fact]
    public async Task What_was_sold_is_told_by_day_and_exactly_and_to_its_seller_alone()
    {
        var listing = await ListAsync(quantity: 20, seller: seller);
        await SellAsync(listing, 2, daysAgo: 0);
        await SellAsync(listing, 1, daysAgo: 0);
        await SellAsync(listing, 3, daysAgo: 6, currency: "eur");
        await SellAsync(listing, 4, daysAgo: 7);
        await SellAsync(listing, 5, daysAgo: 14);
        await HoldAsync(listing, 2);
        var other = await ListAsync();
        await SellAsync(other, 1, daysAgo: 0);

        var sales = await GetAsync<SalesResponse>("?days=7");

        sales.From.ShouldBe(Today.AddDays(-6));
        sales.Through.ShouldBe(Today);
        sales.Days.ShouldBe([new(Today.AddDays(-6), "eur", 3, 59.97m), new(Today, "usd", 3, 59.97m)]);
        sales.Totals.ShouldBe([new("eur", 3, 59.97m), new("usd", 3, 59.97m)]);
        sales.Previous.ShouldBe([new("usd", 4, 79.96m)]);
        (sales.Held, sales.Available).ShouldBe((2, 3));
        (await GetAsync<SalesResponse>("?days=1")).Totals.ShouldBe([new("usd", 3, 59.97m)]);
        (await GetAsync<SalesResponse>("")).Totals.ShouldBe([new("eur", 3, 59.97m), new("usd", 12, 239.88m)]);
    }

    [Fact]
    public async Task A_sale_that_is_undone_is_in_no_book()
    {
        var listing = await ListAsync(quantity: 2, seller: seller);
        var order = await SellAsync(listing, 2, daysAgo: 3);

        await FreeAsync(order with { Version = 2 });

        var sales = await GetAsync<SalesResponse>("");
        sales.Days.ShouldBeEmpty();
        sales.Totals.ShouldBeEmpty();
        (await GetAsync<SalesEntry[]>("/entries")).ShouldBeEmpty();
        (await GetAsync<SalesOfListing[]>("/listings")).ShouldHaveSingleItem().Earned.ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_listing_says_what_became_of_its_tickets_a_page_at_a_time()
    {
        var first = await ListAsync(quantity: 9, title: "First", seller: seller);
        var second = await ListAsync(quantity: 1, title: "Second", seller: seller);
        var withdrawn = await ListAsync(seller: seller);
        await DeleteAsync(withdrawn);
        await SellAsync(first, 2, daysAgo: 400);
        await SellAsync(first, 1, daysAgo: 0, currency: "gbp");
        await HoldAsync(first, 4);

        var (page, next) = await PageAsync<SalesOfListing[]>("/listings?limit=1");
        page.ShouldHaveSingleItem().Id.ShouldBe(second.Id);
        page[0].Earned.ShouldBeEmpty();
        (page[0].Sold, page[0].Held, page[0].Available).ShouldBe((0, 0, 1));

        var (last, none) = await PageAsync<SalesOfListing[]>(next.ShouldNotBeNull());
        none.ShouldBeNull();
        var sold = last.ShouldHaveSingleItem();
        (sold.Title, sold.Quantity, sold.Sold, sold.Held, sold.Available).ShouldBe(("First", 9, 3, 4, 2));
        sold.Earned.ShouldBe([new("gbp", 1, 19.99m), new("usd", 2, 39.98m)]);
    }

    [Fact]
    public async Task The_books_are_told_line_by_line_and_each_line_once_whatever_the_size_of_a_page()
    {
        var listings = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => ListAsync(quantity: 100, title: $"No. {i}", seller: seller)));
        foreach (var listing in listings)
        {
            foreach (var (daysAgo, currency) in new[] { (0, "usd"), (0, "eur"), (1, "usd"), (5, "usd"), (90, "usd") })
                await SellAsync(listing, 1 + daysAgo % 4, daysAgo, currency);
        }

        var all = await GetAsync<SalesEntry[]>("/entries?days=30");
        all.Length.ShouldBe(12);
        all.ShouldBe(all.OrderByDescending(line => line.Day).ThenByDescending(line => line.TicketId).ThenByDescending(line => line.Currency));
        all.Where(line => line.TicketId == listings[1].Id).ShouldBe([
            new(Today, listings[1].Id, "No. 1", "usd", 1, 19.99m), new(Today, listings[1].Id, "No. 1", "eur", 1, 19.99m),
            new(Today.AddDays(-1), listings[1].Id, "No. 1", "usd", 2, 39.98m),
            new(Today.AddDays(-5), listings[1].Id, "No. 1", "usd", 2, 39.98m)]);

        var paged = new List<SalesEntry>();
        for (var path = "/entries?days=30&limit=5"; path is not null;)
        {
            var (page, next) = await PageAsync<SalesEntry[]>(path);
            page.Length.ShouldBeLessThanOrEqualTo(5);
            paged.AddRange(page);
            path = next;
        }
        paged.ShouldBe(all);
    }

    [Theory]
    [InlineData("?days=0", "days")]
    [InlineData("?days=367", "days")]
    [InlineData("?days=ten", "days")]
    [InlineData("/entries?days=-1", "days")]
    [InlineData("/entries?cursor=AAAA", "cursor")]
    [InlineData("/entries?cursor=%20", "cursor")]
    [InlineData("/entries?limit=1001", "limit")]
    [InlineData("/listings?limit=101", "limit")]
    [InlineData("/listings?cursor=x", "cursor")]
    public async Task A_wrong_question_is_refused(string path, string field)
    {
        var answer = await Tickets.As(seller).GetAsync($"/api/tickets/sales{path}");
        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, field);
    }

    [Fact]
    public async Task Every_change_of_price_is_kept_for_its_seller()
    {
        var listing = await ListAsync(quantity: 3, seller: seller);
        (await PutAsync(listing, new { title = "Same price", price = 19.99m })).EnsureSuccessStatusCode();
        (await PutAsync(listing, new { price = 25 })).EnsureSuccessStatusCode();
        (await PutAsync(listing, new { price = 25, currency = "eur" })).EnsureSuccessStatusCode();
        (await PutAsync(listing, new { price = -1 })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var now = Platform.Clock.GetUtcNow();

        var changes = await ReadAsync<PriceChange[]>($"/api/tickets/{listing.Id}/prices");

        changes.Select(change => change with { ChangedAt = default }).ShouldBe([
            new(default, 3, 25, "usd", 25, "eur"),
            new(default, 2, 19.99m, "usd", 25, "usd")]);
        changes.ShouldAllBe(change => change.ChangedAt <= now && change.ChangedAt >= listing.CreatedAt);
        await (await Tickets.As(Guid.CreateVersion7()).GetAsync($"/api/tickets/{listing.Id}/prices"))
            .ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        await (await Tickets.As(seller).GetAsync($"/api/tickets/{Guid.CreateVersion7()}/prices"))
            .ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Changes_of_price_at_the_same_time_are_one_chain()
    {
        var listing = await ListAsync(seller: seller);
        var answers = await Task.WhenAll(Enumerable.Range(1, 20).Select(price => PutAsync(listing, new { price })));
        answers.ShouldAllBe(answer => answer.IsSuccessStatusCode);

        var changes = (await ReadAsync<PriceChange[]>($"/api/tickets/{listing.Id}/prices")).Reverse().ToArray();

        changes.Select(change => change.OldPrice).ShouldBe([19.99m, .. changes[..^1].Select(change => change.Price)]);
        changes.Select(change => change.Version).ShouldBe(Enumerable.Range(1, 20));
    }

    /// <summary>Tells that an order bought some of it, so many days ago.</summary>
    private async Task<OrderState> SellAsync(TicketResponse listing, int quantity, int daysAgo, string currency = "usd")
    {
        var sold = Order(listing.Id, OrderStatus.Complete, 2, quantity) with
        {
            Currency = currency,
            CompletedAt = Platform.Clock.GetUtcNow().AddDays(-daysAgo),
        };
        await Platform.Broker.PublishAsync(new OrderCompleted(sold));
        await Eventually.HoldsAsync(async () => await StateAsync(sold.Id) == "sold", "the order's tickets are sold");
        return sold;
    }

    private async Task<T> GetAsync<T>(string path) => (await PageAsync<T>(path)).Page;

    private Task<T> ReadAsync<T>(string path) => Tickets.As(seller).GetFromJsonAsync<T>(path)!;

    /// <summary>An answer of the sales, and the path of the next page.</summary>
    private async Task<(T Page, string? Next)> PageAsync<T>(string path)
    {
        using var answer = await Tickets.As(seller).GetAsync($"/api/tickets/sales{path}");
        answer.EnsureSuccessStatusCode();
        var next = answer.Headers.TryGetValues("Link", out var links) ? Link().Match(links.Single()).Groups[1].Value : null;
        return ((await answer.Content.ReadFromJsonAsync<T>())!, next);
    }

    [GeneratedRegex("^<[^>]*/sales([^>]+)>; rel=\"next\"$")]
    private static partial Regex Link();
}
