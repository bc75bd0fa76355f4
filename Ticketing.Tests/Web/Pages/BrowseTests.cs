using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Ticketing.Contracts.Api;
using Ticketing.Web.Pages.Browse;
using Xunit;

namespace Ticketing.Tests.Web.Pages;

public sealed class BrowseTests(WebSite site) : PagesTests(site)
{
    [Fact]
    public async Task Filters_and_order_go_to_Tickets_and_stay_in_the_form_and_in_the_next_page()
    {
        Site.Tickets.Answers(context =>
        {
            context.Response.Headers.Link = "</api/tickets?cursor=abc>; rel=\"next\"";
            return Json(new[] { Ticket() })(context);
        });

        using var browser = Anonymous();
        var page = await browser.ReadAsync("/?q=ham&from=2027-03-01&to=2027-03-02&minPrice=5&maxPrice=19%2C99&sort=soonest&offset=-60");

        // The visitor's days, an hour before UTC's, up to the end of the last one.
        Site.Tickets.Arrived.ShouldBe([
            "GET /api/tickets?q=ham&from=2027-02-28T23%3A00%3A00Z&to=2027-03-02T23%3A00%3A00Z&minPrice=5&maxPrice=19.99&sort=soonest&limit=24",
        ]);
        page.ShouldContain("name=\"from\" type=\"date\" value=\"2027-03-01\"");
        page.ShouldContain("name=\"maxPrice\" inputmode=\"decimal\" maxlength=\"12\" autocomplete=\"off\" placeholder=\"Any price\" value=\"19,99\"");
        page.ShouldContain("<option value=\"soonest\" selected=\"selected\">Soonest</option>");
        page.ShouldContain("<details class=\"filters\" open=\"open\">");
        page.ShouldContain(
            "href=\"/?q=ham&amp;from=2027-03-01&amp;to=2027-03-02&amp;minPrice=5&amp;maxPrice=19,99&amp;sort=soonest&amp;offset=-60&amp;cursor=abc\"");
    }

    [Theory]
    [InlineData("en", "1,000", "1000")]
    [InlineData("de", "1.000", "1000")]
    [InlineData("en", "1.000", null)]
    [InlineData("de", "1,000", null)]
    public async Task A_price_to_search_by_is_a_thousand_or_refused_in_words_but_never_one(string language, string typed, string? price)
    {
        Site.Tickets.Answers(Json(new[] { Ticket() }));

        using var browser = Anonymous();
        await browser.PostAsync("/language", new Dictionary<string, string> { ["language"] = language });
        var page = await browser.ReadAsync($"/?maxPrice={typed}");

        Site.Tickets.Arrived.ShouldBe(price is null ? [] : [$"GET /api/tickets?maxPrice={price}&limit=24"]);
        page.ShouldContain($"value=\"{typed}\"");
        page.Contains(language == "de" ? "damit er nur eines bedeutet." : "so that it means one thing only.", StringComparison.Ordinal).ShouldBe(price is null);
    }

    /// <summary>The last Sunday of October in Berlin has 25 hours: it begins two hours before UTC's and ends one before.</summary>
    [Fact]
    public async Task A_day_on_which_clocks_change_is_searched_from_its_beginning_to_its_end()
    {
        Site.Tickets.Answers(Json(new[] { Ticket() }));

        using var browser = Anonymous();
        await browser.ReadAsync("/?from=2027-10-31&to=2027-10-31&offset=-120,-60");

        Site.Tickets.Arrived.ShouldBe(["GET /api/tickets?from=2027-10-30T22%3A00%3A00Z&to=2027-10-31T23%3A00%3A00Z&limit=24"]);
    }

    [Fact]
    public async Task What_Tickets_refuses_is_said_above_the_list()
    {
        Site.Tickets.Answers(Problem(400, ("Say a time as 2026-12-24T19:30:00Z, or a day as 2026-12-24.", "from")));

        using var browser = Anonymous();
        (await browser.ReadAsync("/?from=someday")).ShouldContain("Say a time as 2026-12-24T19:30:00Z, or a day as 2026-12-24.");
        Site.Tickets.Arrived.ShouldBe(["GET /api/tickets?from=someday&limit=24"]);
    }

    [Theory]
    [InlineData("/", "Nothing is for sale yet.")]
    [InlineData("/?q=ham", "Nothing matches.")]
    [InlineData("/?minPrice=5", "Nothing matches.")]
    public async Task An_empty_list_says_why_and_what_to_do(string path, string words)
    {
        Site.Tickets.Answers(Json(Array.Empty<TicketResponse>()));

        using var browser = Anonymous();
        (await browser.ReadAsync(path)).ShouldContain($"<h2>{words}</h2>");
    }

    [Fact]
    public async Task Choices_have_their_German_too()
    {
        Site.Tickets.Answers(Json(new[] { Ticket() }));

        using var browser = Anonymous();
        await browser.PostAsync("/language", new Dictionary<string, string> { ["language"] = "de" });
        var page = await browser.ReadAsync("/");

        foreach (var english in Days.On(new(2027, 3, 1)).Select(days => days.Label).Concat(Ticketing.Web.Pages.IndexModel.Sorts.Select(sort => sort.Label)))
            page.ShouldNotContain($">{english}<");
        page.ShouldContain("Noch 5</span>");
        page.ShouldContain("35,00&#xA0;$");
    }

    [Theory]
    [InlineData("2027-03-01", "2027-03-05", "2027-03-07")] // Monday
    [InlineData("2027-03-05", "2027-03-05", "2027-03-07")]
    [InlineData("2027-03-06", "2027-03-06", "2027-03-07")]
    [InlineData("2027-03-07", "2027-03-07", "2027-03-07")] // Sunday
    public void A_weekend_lasts_from_Friday_to_Sunday_or_what_is_left_of_it(string today, string from, string to)
    {
        var weekend = Days.On(DateOnly.Parse(today, System.Globalization.CultureInfo.InvariantCulture)).Single(days => days.Label == "This weekend");
        (weekend.From, weekend.To).ShouldBe((from, to));
    }

    [Theory]
    [InlineData(null, "2027-03-02")]
    [InlineData("480", "2027-03-01")] // 18:30 in Los Angeles
    [InlineData("-60", "2027-03-02")]
    [InlineData("99999", "2027-03-02")]
    [InlineData("x", "2027-03-02")]
    public void Today_is_the_visitors_own(string? offset, string today)
    {
        var visit = new DefaultHttpContext().Request;
        if (offset is not null)
            visit.Headers.Cookie = $"utc-offset={offset}";
        var time = new FakeTimeProvider(new DateTimeOffset(2027, 3, 2, 2, 30, 0, TimeSpan.Zero));

        VisitorZone.Today(visit, time).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture).ShouldBe(today);
    }

    [Fact]
    public async Task A_visitor_comes_back_to_the_page_from_which_they_went_to_sign_in()
    {
        var ticket = Ticket();
        Site.Tickets.Answers(Json(ticket));

        using var browser = Anonymous();
        (await browser.ReadAsync($"/tickets/{ticket.Id}")).ShouldContain($"href=\"/signin?returnUrl=%2Ftickets%2F{ticket.Id}\"");
        (await browser.ReadAsync("/signin?returnUrl=%2Forders")).ShouldContain("href=\"/signup?returnUrl=%2Forders\"");
    }
}
