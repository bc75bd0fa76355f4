using System.Net.Http.Json;
using Dapper;
using Shouldly;
using Ticketing.Contracts.Api;
using Xunit;

namespace Ticketing.Tests.Tickets;

public sealed class SearchTests(TicketsFixture fixture) : TicketsTests(fixture)
{
    [Theory]
    [InlineData("jazz", true)]
    [InlineData("JAZZ", true)]
    [InlineData("az", true)]
    [InlineData("olympia jazz", true)]
    [InlineData("  night   paris  ", true)]
    [InlineData("été", true)]
    [InlineData("ÉTÉ", true)]
    [InlineData("jazz blues", false)]
    [InlineData("nightolympia", false)]
    [InlineData("night\nolympia", true)]
    public async Task Every_word_must_occur_in_title_or_venue_in_any_case(string text, bool found)
    {
        var listing = await ListAsync(title: "Jazz Night d’Été", venue: "Olympia, Paris");
        (await FindAsync(text)).Any(hit => hit.Id == listing.Id).ShouldBe(found);
    }

    [Theory]
    [InlineData("100%", "100% Rock")]
    [InlineData("a_b", "a_b Theatre")]
    [InlineData(@"c\d", @"c\d Comedy")]
    [InlineData("''", "rock ''n'' roll")]
    [InlineData("\"(&|!:*", "\"(&|!:* Punk")]
    public async Task Wildcards_and_quotes_mean_themselves(string text, string title)
    {
        var listing = await ListAsync(title: title);
        await ListAsync(title: "100x Rock, aXb Theatre, cd Comedy");
        (await FindAsync(text)).ShouldBe([listing]);
    }

    [Fact]
    public async Task A_changed_title_is_found_by_its_new_words_only()
    {
        var (before, after) = ($"w{Guid.NewGuid():N}", $"w{Guid.NewGuid():N}");
        var listing = await ListAsync(title: before);
        (await FindAsync(before)).ShouldHaveSingleItem();

        await PutAsync(listing, new { title = after });

        (await FindAsync(before)).ShouldBeEmpty();
        (await FindAsync(after)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Among_many_listings_the_indexes_are_used()
    {
        await using var connection = await Platform.OpenAsync("tickets");
        await connection.ExecuteAsync(
            """
            INSERT INTO tickets (id, seller_id, title, price, currency, quantity, sold, created_at)
            SELECT gen_random_uuid(), gen_random_uuid(), 'Common ' || md5(i::text), 100, 'usd', 1, i % 2, now()
            FROM generate_series(1, 20000) AS i;
            ANALYZE tickets;
            """);

        (await PlanAsync("t.search LIKE '%c81e728d9d4c2f636f067f89cc14862c%'")).ShouldContain("tickets_search");
        (await PlanAsync("t.search LIKE '%common%'")).ShouldContain("tickets_offered");
        (await PlanAsync("true")).ShouldContain("tickets_offered");
        (await PlanAsync("t.seller_id = '01900000-0000-7000-8000-000000000001'")).ShouldContain("tickets_seller");

        async Task<string> PlanAsync(string condition) => string.Join('\n', await connection.QueryAsync<string>(
            $"EXPLAIN {Ticketing.Tickets.Listing.Select} WHERE t.offered AND {condition} ORDER BY t.id DESC LIMIT 51"));
    }

    private async Task<TicketResponse[]> FindAsync(string text)
    {
        using var client = Tickets.Anonymous();
        return (await client.GetFromJsonAsync<TicketResponse[]>($"/api/tickets?limit=100&q={Uri.EscapeDataString(text)}"))!;
    }
}
