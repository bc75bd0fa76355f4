using System.Net;
using System.Text;
using Shouldly;
using Ticketing.Contracts.Api;
using Ticketing.Web.Languages;
using Ticketing.Web.Pages.Sales;
using Xunit;

namespace Ticketing.Tests.Web.Pages;

/// <summary>What a seller sees of their sales.</summary>
public sealed class DashboardTests(WebSite site) : PagesTests(site)
{
    private static readonly DateOnly Today = new(2030, 5, 31);

    private static readonly SalesOfListing Hamlet = new(
        Guid.CreateVersion7(), "Hamlet", null, 35m, "usd", 10, 4, 1, 5, false, [new("usd", 4, 140m)]);

    [Fact]
    public async Task It_says_what_was_earned_and_what_became_of_each_listing()
    {
        Answers(
            Sales([new(Today.AddDays(-2), "usd", 3, 105m), new(Today, "usd", 1, 35m)], previous: [new("usd", 2, 70m)]),
            [Hamlet], next: "abc");

        using var browser = SignedIn();
        var page = await browser.ReadAsync("/selling");

        page.ShouldContain("<dd>$140.00</dd>");
        page.ShouldContain("100 % on the 30 days before");
        page.ShouldContain("$140.00 in all; most on 29 May: $105.00.");
        page.ShouldContain("aria-label=\"4 of 10 sold, 1 held\"");
        page.ShouldContain($"href=\"/tickets/{Hamlet.Id}/edit\"");
        page.ShouldContain($"href=\"/checkin/{Hamlet.Id}\"");
        page.ShouldContain("href=\"/selling?cursor=abc\"");
        Site.Tickets.Arrived.ShouldBe(["GET /api/tickets/sales?days=30", "GET /api/tickets/sales/listings"], ignoreOrder: true);
    }

    [Fact]
    public async Task Who_sells_nothing_yet_is_shown_how_to_begin()
    {
        Answers(Sales([]), []);
        using var browser = SignedIn();
        var page = await browser.ReadAsync("/selling");
        page.ShouldContain("You sell nothing yet.");
        page.ShouldContain("href=\"/tickets/new\"");
        (await browser.GetAsync("/selling?days=12")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public void Bars_fill_their_scale_and_many_days_become_weeks()
    {
        var sales = Sales([new(Today.AddDays(-29), "usd", 1, 10m), new(Today, "usd", 3, 30m), new(Today, "eur", 9, 900m)]);
        var chart = SalesChart.Of(sales, "usd");
        chart.Bars.Count.ShouldBe(30);
        (chart.Top, chart.Weekly).ShouldBe((30m, false));
        (chart.Bars[0].Amount, chart.Bars[^1].Amount, chart.Bars[^1].Height).ShouldBe((10m, 30m, 200));
        chart.Bars.Sum(bar => bar.Tickets).ShouldBe(4);

        var year = SalesChart.Of(sales with { From = Today.AddDays(-364) }, "usd");
        year.Weekly.ShouldBeTrue();
        year.Bars.Count.ShouldBe(53);
        year.Bars[0].From.ShouldBe(Today.AddDays(-364));
        year.Bars[^1].Through.ShouldBe(Today);
        year.Bars.Sum(bar => bar.Amount).ShouldBe(40m);
        SalesChart.Of(Sales([]), "usd").Bars.ShouldAllBe(bar => bar.Height == 0);
    }

    [Fact]
    public async Task The_export_is_a_file_for_spreadsheets_page_by_page()
    {
        var id = Guid.CreateVersion7();
        SalesEntry Entry(string title, decimal amount = 1_234.5m) => new(Today, id, title, "usd", 12, amount);
        Site.Tickets.Answers(context =>
        {
            if (context.Request.Query["cursor"] == "2")
                return Json(new[] { Entry("last") })(context);
            context.Response.Headers.Link = "</api/tickets/sales/entries?days=7&cursor=2>; rel=\"next\"";
            return Json(new[] { Entry("=HYPERLINK(\"http://evil\")"), Entry("Tom, Dick"), Entry("Ä", 0.1m) })(context);
        });

        using var browser = SignedIn();
        var answer = await browser.GetAsync("/selling/sales.csv?days=7");

        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/csv; charset=utf-8");
        answer.Content.Headers.ContentDisposition!.FileName.ShouldBe("sales.csv");
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        bytes[..3].ShouldBe([0xEF, 0xBB, 0xBF]);
        Encoding.UTF8.GetString(bytes[3..]).ShouldBe($"""
            Day,Listing,Title,Currency,Tickets,Amount
            2030-05-31,{id},"'=HYPERLINK(""http://evil"")",USD,12,1234.50
            2030-05-31,{id},"Tom, Dick",USD,12,1234.50
            2030-05-31,{id},Ä,USD,12,0.10
            2030-05-31,{id},last,USD,12,1234.50

            """.ReplaceLineEndings("\r\n"));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "\"\t'=1\"")]
    [InlineData("\r=1", "\"\r'=1\"")]
    [InlineData(" =1", " '=1")]
    [InlineData("Konzert;=1+2", "\"Konzert;'=1+2\"")]
    [InlineData("Konzert,=1+2", "\"Konzert,'=1+2\"")]
    [InlineData("Konzert\t+1", "\"Konzert\t'+1\"")]
    [InlineData("Konzert|@SUM(A1)", "\"Konzert|'@SUM(A1)\"")]
    [InlineData("Konzert; -1", "\"Konzert; '-1\"")]
    [InlineData("Konzert =1+2", "Konzert '=1+2")]
    [InlineData("＝1+2", "'＝1+2")]
    [InlineData("Rock - Pop", "Rock - Pop")]
    [InlineData("Live @ the Globe", "Live @ the Globe")]
    [InlineData("a=1", "a=1")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    [InlineData("=\",\"", "\"'=\"\",\"\"\"")]
    public void No_field_is_a_formula_or_breaks_its_line(string text, string field) =>
        Csv.Line("1", text).ShouldBe($"1,{field}\r\n");

    /// <summary>As a spreadsheet sees it that is told to separate by something else than the file does: quotes do not help there.</summary>
    [Theory]
    [InlineData("Konzert;=1+2")]
    [InlineData("a,=1")]
    [InlineData("a\t-1")]
    [InlineData("a|\"=1")]
    [InlineData("a: +1")]
    [InlineData("a =1")]
    public void Whatever_separates_no_cell_is_a_formula(string title)
    {
        foreach (var culture in Cultures.All)
        {
            var line = Cultures.Say(culture, () => Csv.Line("1", title));
            foreach (var separator in ",;:|\t ")
                line.Split(separator).ShouldAllBe(cell => cell.Trim(' ', '"') == "" || !"=+-@".Contains(cell.Trim(' ', '"')[0]), line);
        }
    }

    /// <summary>What a German spreadsheet reads as a date, a number and an amount, each in a column of its own.</summary>
    [Fact]
    public void A_file_in_German_is_separated_and_written_as_Germans_do() =>
        Cultures.Say(Cultures.German, () => Csv.Line(new DateOnly(2026, 11, 21), "Konzert;=1+2", 1200L, -1234.5m, 0.1m))
            .ShouldBe("21.11.2026;\"Konzert;'=1+2\";1200;-1234,50;0,10\r\n");

    [Fact]
    public async Task The_file_is_in_the_pages_language()
    {
        var id = Guid.CreateVersion7();
        Site.Tickets.Answers(Json(new[] { new SalesEntry(Today, id, "Hamlet", "usd", 12, 1234.5m) }));

        using var browser = SignedIn();
        await browser.PostAsync("/language", new Dictionary<string, string> { ["language"] = "de" });
        var file = await browser.ReadAsync("/selling/sales.csv");

        file.TrimStart('\uFEFF').ShouldBe($"Tag;Angebot;Titel;Währung;Tickets;Betrag\r\n31.05.2030;{id};Hamlet;USD;12;1234,50\r\n");
    }

    [Fact]
    public async Task The_edit_page_shows_how_the_price_changed()
    {
        var ticket = Ticket(seller: UserId);
        Site.Tickets.Answers(context => context.Request.Path.Value!.EndsWith("/prices", StringComparison.Ordinal)
            ? Json(new[]
            {
                new PriceChange(DateTimeOffset.UnixEpoch, 2, 40m, "usd", 35m, "usd"),
                new PriceChange(DateTimeOffset.UnixEpoch, 1, 30m, "usd", 40m, "usd"),
            })(context)
            : Json(ticket)(context));

        using var browser = SignedIn();
        var page = await browser.ReadAsync($"/tickets/{ticket.Id}/edit");

        page.ShouldContain("aria-label=\"From $30.00 to $35.00\"");
        page.ShouldContain("<path d=\"M0 36H100V4H200V20H300\" />");
        page.ShouldContain("<td class=\"number\">$40.00</td>");
    }

    private static SalesResponse Sales(SalesOfDay[] days, SalesTotal[]? previous = null) => new(
        Today.AddDays(-29), Today,
        [.. days.GroupBy(day => day.Currency).Select(of => new SalesTotal(of.Key, of.Sum(day => day.Tickets), of.Sum(day => day.Amount)))],
        previous ?? [], days, 1, 5);

    private void Answers(SalesResponse sales, SalesOfListing[] listings, string? next = null) => Site.Tickets.Answers(context =>
    {
        if (context.Request.Path == "/api/tickets/sales")
            return Json(sales)(context);
        if (next is not null)
            context.Response.Headers.Link = $"</api/tickets/sales/listings?cursor={next}>; rel=\"next\"";
        return Json(listings)(context);
    });
}
