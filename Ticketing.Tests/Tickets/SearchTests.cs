using System.Net.Http.Json;
using Dapper;
using Shouldly;
using Ticketing.ApiDefaults;
using Ticketing.Contracts.Api;
using Ticketing.Tickets;
using Xunit;

namespace Ticketing.Tests.Tickets;

public sealed class SearchTests(TicketsFixture fixture) : TicketsTests(fixture)
{
    [Theory]
    [InlineData("jazz", true)]
    [InlineData("JAZZ", true)]
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
    [InlineData("''n''", "rock ''n'' roll")]
    [InlineData("\"(&|!:*punk", "\"(&|!:*Punk")]
    public async Task Wildcards_and_quotes_mean_themselves(string text, string title)
    {
        var listing = await ListAsync(title: title);
        await ListAsync(title: "100x Rock, aXb Theatre, cd Comedy");
        (await FindAsync(text)).ShouldBe([listing]);
    }

    /// <summary>Each by all three of its ways, whichever of them is stored.</summary>
    [Theory]
    [InlineData("Müller", "mu\u0308ller", "muller")]
    [InlineData("Straße", "STRASSE", "strasse")]
    [InlineData("Łódź", "lo\u0301dz\u0301", "lodz")]
    [InlineData("Smørrebrød", "SMØRREBRØD", "smorrebrod")]
    [InlineData("Œuvre", "œuvre", "oeuvre")]
    [InlineData("ΟΔΟΣ", "οδος", "οδοσ")]
    [InlineData("İzmir", "izmir", "I\u0307ZMIR")]
    [InlineData("Rock’n’Roll", "rock'n'roll", "ROCK‘N‘ROLL")]
    [InlineData("Coca\u00adCola", "CocaCola", "coca\u200bcola")]
    [InlineData("ＪＡＺＺ１", "jazz1", "Jazz１")]
    [InlineData("가나다", "\u1100\u1161\u1102\u1161\u1103\u1161", "가나다")]
    public async Task Accents_case_and_composition_do_not_matter(params string[] ways)
    {
        var seller = Guid.CreateVersion7();
        foreach (var way in ways)
            await ListAsync(title: $"An evening with {way}", seller: seller);

        foreach (var way in ways)
            (await FindAsync(way, seller)).Length.ShouldBe(ways.Length, way);
    }

    [Theory]
    [InlineData("u2", true)]
    [InlineData("U", true)]
    [InlineData("li", true)]
    [InlineData("iv", false)]
    [InlineData("ive", true)]
    [InlineData("a.", true)]
    [InlineData(".b", false)]
    [InlineData("& live", true)]
    [InlineData("&", true)]
    [InlineData("東京", true)]
    [InlineData("京", true)]
    [InlineData("京東", false)]
    [InlineData("мо", true)]
    [InlineData("ск", false)]
    [InlineData("скв", true)]
    public async Task What_has_fewer_than_three_letters_is_found_where_a_word_begins_with_it(string text, bool found)
    {
        var seller = Guid.CreateVersion7();
        await ListAsync(title: "U2 live, A.B.", venue: "日本東京公演 Москва", seller: seller);
        ((await FindAsync(text, seller)).Length > 0).ShouldBe(found);
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

        foreach (var rare in new[] { "c81e728d9d4c2f636f067f89cc14862c", "zz", "z", "zz common", "é-z" })
            (await PlanAsync(new(rare))).ShouldContain("tickets_on_sale_search", Case.Sensitive, rare);
        foreach (var frequent in new[] { null, "common", "co", "c" })
            (await PlanAsync(new(frequent))).ShouldContain("Index Scan Backward using tickets_on_sale ", Case.Sensitive, frequent);
        (await PlanAsync(new(null, "01900000-0000-7000-8000-000000000001"))).ShouldContain("tickets_seller");

        // As the service asks, with a plan for these words.
        async Task<string> PlanAsync(Asked asked)
        {
            var errors = new ValidationErrors();
            var search = ListingSearch.Parse(new(asked.Words, null, null, asked.Seller, null), Platform.Clock.GetUtcNow(), errors);
            errors.All.ShouldBeEmpty();
            search.Parameters.Add("size", 50);
            return string.Join('\n', await connection.QueryAsync<string>($"EXPLAIN {search.Statement}", search.Parameters));
        }
    }

    private async Task<TicketResponse[]> FindAsync(string text, Guid? seller = null)
    {
        using var client = Tickets.Anonymous();
        var from = seller is null ? "" : $"&seller={seller}";
        return (await client.GetFromJsonAsync<TicketResponse[]>($"/api/tickets?limit=100&q={Uri.EscapeDataString(text)}{from}"))!;
    }

    private sealed record Asked(string? Words, string? Seller = null);
}
