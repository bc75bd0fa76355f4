using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Ticketing.Tests.Web.Pages;

public sealed class SellingTests(WebSite site) : PagesTests(site)
{
    [Fact]
    public async Task A_listing_goes_to_Tickets_as_it_was_typed_in_the_sellers_name()
    {
        var created = Ticket(seller: UserId);
        var bodies = new List<JsonNode>();
        string? authorization = null;
        Site.Tickets.Answers(context =>
        {
            authorization = context.Request.Headers.Authorization;
            return Keep(bodies, Json(created, 201))(context);
        });

        using var browser = SignedIn();
        var answer = await browser.SubmitAsync("/tickets/new",
            ("Form.Title", "Hamlet"), ("Form.Price", "19.99"), ("Form.Quantity", "3"), ("Form.Venue", " "),
            ("Form.StartsAt", "2027-06-01T20:00"), ("Form.StartsAtOffset", "-120"), ("Form.Description", ""));

        answer.Headers.Location!.ToString().ShouldBe($"/tickets/{created.Id}");
        authorization!.ShouldStartWith("Bearer ey");
        bodies.ShouldHaveSingleItem().ToJsonString().ShouldBe(
            """{"title":"Hamlet","price":"19.99","quantity":3,"venue":null,"startsAt":"2027-06-01T18:00:00Z","description":null,"maxPerBuyer":10,"buyersPerMinute":null}""");
    }

    [Fact]
    public async Task What_Tickets_refuses_is_shown_at_its_field_and_what_was_typed_stays()
    {
        Site.Tickets.Answers(Problem(400, ("More than 0.", "price"), ("It is over already.", "startsAt")));

        using var browser = SignedIn();
        var page = await (await browser.SubmitAsync("/tickets/new",
            ("Form.Title", "Tom & \"Jerry\""), ("Form.Price", "-1"), ("Form.Quantity", "3"), ("Form.Description", "\nsecond line"),
            ("Form.StartsAt", "2027-06-01T20:00"), ("Form.StartsAtOffset", "-120"))).Content.ReadAsStringAsync();

        page.ShouldContain("<p class=\"error\" id=\"form-price-error\">More than 0.</p>");
        page.ShouldContain("<p class=\"error\" id=\"form-startsat-error\">It is over already.</p>");
        page.ShouldContain("value=\"Tom &amp; &quot;Jerry&quot;\"");
        page.ShouldContain("value=\"-1\"");
        // In UTC again: the browser's script will turn it into the seller's zone once more.
        page.ShouldContain("value=\"2027-06-01T18:00\"");
        page.ShouldContain("second line</textarea>");
    }

    [Theory]
    [InlineData("Form.Quantity", "many")]
    [InlineData("Form.Quantity", "1.5")]
    [InlineData("Form.Quantity", "")]
    [InlineData("Form.StartsAt", "tomorrow")]
    [InlineData("Form.StartsAt", "0001-01-01T00:00")]
    public async Task What_cannot_be_said_in_JSON_is_refused_at_its_field(string field, string value)
    {
        Site.Tickets.Answers(_ => Task.CompletedTask);

        using var browser = SignedIn();
        var answer = await browser.SubmitAsync(
            "/tickets/new", ("Form.Title", "Hamlet"), ("Form.Price", "1"), ("Form.Quantity", "1"), (field, value));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldContain($"id=\"{field.Replace('.', '-').ToLowerInvariant()}-error\"");
        Site.Tickets.Arrived.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_listing_that_cannot_be_deleted_stays_on_the_page_with_the_reason()
    {
        var ticket = Ticket(seller: UserId);
        Site.Tickets.Answers(context => HttpMethods.IsDelete(context.Request.Method)
            ? Problem(400, ("Some of it is sold.", null))(context)
            : Json(ticket)(context));

        using var browser = SignedIn();
        var page = await (await browser.SubmitAsync($"/tickets/{ticket.Id}/edit?handler=Delete")).Content.ReadAsStringAsync();

        page.ShouldContain("Some of it is sold.");
        page.ShouldContain("value=\"Hamlet\"");
    }

    [Fact]
    public async Task The_next_page_of_a_search_keeps_the_search()
    {
        Site.Tickets.Answers(context =>
        {
            context.Response.Headers.Link = "</api/tickets?q=ham&limit=24&cursor=a%2Bb%3D>; rel=\"next\"";
            return Json(new[] { Ticket(), Ticket(title: "Macbeth", available: 0) })(context);
        });

        using var browser = Anonymous();
        var page = await browser.ReadAsync("/?q=ham");

        Site.Tickets.Arrived.ShouldBe(["GET /api/tickets?q=ham&limit=24"]);
        page.ShouldContain("href=\"/?q=ham&amp;cursor=a%2Bb%3D\"");
        page.ShouldContain("Hamlet");
        page.ShouldContain("Sold out");
    }

    [Theory]
    [InlineData("en", "19,99", "19.99")]
    [InlineData("en", "1,000", "1000")]
    [InlineData("de", "1.000", "1000")]
    [InlineData("de", "1.000,50", "1000.5")]
    [InlineData("en", "1.000", null)]
    [InlineData("de", "1,000", null)]
    public async Task A_price_is_understood_as_its_language_writes_it_or_refused_in_words(string language, string typed, string? price)
    {
        var bodies = new List<JsonNode>();
        Site.Tickets.Answers(Keep(bodies, Json(Ticket(seller: UserId), 201)));

        using var browser = SignedIn();
        await browser.PostAsync("/language", new Dictionary<string, string> { ["language"] = language });
        var page = await browser.ReadAnswerAsync("/tickets/new", ("Form.Title", "Hamlet"), ("Form.Price", typed), ("Form.Quantity", "1"));

        bodies.Select(body => body["price"]!.GetValue<string>()).ShouldBe(price is null ? [] : [price]);
        if (price is null)
            page.ShouldContain(language == "de" ? "damit er nur eines bedeutet.</p>" : "so that it means one thing only.</p>");
    }
}
