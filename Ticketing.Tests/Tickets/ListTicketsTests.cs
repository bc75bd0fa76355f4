using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Shouldly;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Tickets;

public sealed partial class ListTicketsTests(TicketsFixture fixture) : TicketsTests(fixture)
{
    [Fact]
    public async Task Only_what_is_available_is_listed_newest_first_to_anybody()
    {
        var seller = Guid.CreateVersion7();
        var old = await ListAsync(seller: seller);
        var soldOut = await ListAsync(seller: seller);
        var partly = await ListAsync(quantity: 2, seller: seller);
        var withdrawn = await ListAsync(seller: seller);
        await HoldAsync(soldOut);
        await HoldAsync(partly);
        await DeleteAsync(withdrawn);

        var (listed, _) = await GetAsync($"?seller={seller}");
        listed.ShouldBe([partly with { Available = 1 }, old]);
        (await GetAsync("?limit=100")).Listed.ShouldNotContain(listing => listing.Id == soldOut.Id);
    }

    [Fact]
    public async Task A_seller_sees_all_of_theirs_and_what_is_free_again_is_listed_again()
    {
        var seller = Guid.CreateVersion7();
        var listing = await ListAsync(seller: seller);
        var order = await HoldAsync(listing);

        (await GetAsync($"?seller={seller}")).Listed.ShouldBeEmpty();
        (await GetAsync($"?seller={seller}&all=true")).Listed.ShouldBe([listing with { Available = 0, OrderId = order.Id }]);
        (await GetAsync($"?seller={seller}&all=false")).Listed.ShouldBeEmpty();
        await FreeAsync(order);
        (await GetAsync($"?seller={seller}")).Listed.ShouldBe([listing]);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("cursor=x", "cursor")]
    [InlineData("cursor=%00", "cursor")]
    [InlineData("cursor=00000000-0000-0000-0000-000000000000", "cursor")]
    [InlineData("seller=me", "seller")]
    [InlineData("all=true", "all")]
    [InlineData("all=yes", "all")]
    [InlineData("q=a%00b", "q")]
    [InlineData("q=1+2+3+4+5+6+7+8+9+10+11", "q")]
    public async Task A_wrong_query_is_refused(string query, string field)
    {
        using var client = Tickets.Anonymous();
        await (await client.GetAsync($"/api/tickets?{query}")).ShouldBeProblemAsync(HttpStatusCode.BadRequest, field);
    }

    [Fact]
    public async Task Pages_are_cut_by_the_limit_and_the_last_one_has_no_link()
    {
        var seller = Guid.CreateVersion7();
        for (var i = 0; i < 4; i++)
            await ListAsync(seller: seller);

        (await GetAsync($"?seller={seller}&limit=4")).Next.ShouldBeNull();
        var (first, next) = await GetAsync($"?seller={seller}&limit=3&q=con%20CERT");
        first.Count.ShouldBe(3);
        next.ShouldNotBeNull().ShouldStartWith("/api/tickets?");
        var (second, end) = await GetAsync(next["/api/tickets".Length..]);
        second.Count.ShouldBe(1);
        end.ShouldBeNull();
    }

    [Fact]
    public async Task A_hundred_pages_show_everything_once_whatever_is_listed_and_sold_meanwhile()
    {
        var seller = Guid.CreateVersion7();
        var all = new List<TicketResponse>();
        for (var i = 0; i < 200; i++)
            all.Add(await ListAsync(seller: seller));

        var seen = new List<TicketResponse>();
        var pages = 0;
        for (var query = $"?seller={seller}&limit=2"; query is not null; pages++)
        {
            var (listed, next) = await GetAsync(query);
            seen.AddRange(listed);
            await ListAsync(seller: seller);
            // What has been shown already is sold; that does not shift the rest.
            if (pages % 10 == 0)
                await HoldAsync(listed[0]);
            query = next?["/api/tickets".Length..];
        }

        pages.ShouldBe(100);
        // Newest first to the millisecond: what was listed within the same one is ordered by the rest of its id, which is random.
        seen.Select(listing => listing.Id).ShouldBe(all.Select(listing => listing.Id).OrderByDescending(id => id.ToString(), StringComparer.Ordinal));
    }

    private async Task<(IReadOnlyList<TicketResponse> Listed, string? Next)> GetAsync(string query)
    {
        using var client = Tickets.Anonymous();
        using var answer = await client.GetAsync($"/api/tickets{query}");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var next = answer.Headers.TryGetValues("Link", out var links) ? NextLink().Match(links.Single()).Groups[1].Value : null;
        return ((await answer.Content.ReadFromJsonAsync<TicketResponse[]>())!, next);
    }

    [GeneratedRegex("^<([^>]+)>; rel=\"next\"$")]
    private static partial Regex NextLink();
}
