using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Xunit;

namespace Ticketing.Tests.Web.Pages;

/// <summary>A seller edits a listing: what was not edited stays as it is, and what another tab saved is not overwritten.</summary>
public sealed class EditingTests(WebSite site) : PagesTests(site)
{
    private readonly List<JsonNode> bodies = [];
    private TicketResponse listing = Ticket(seller: UserId) with
    {
        StartsAt = new DateTimeOffset(2027, 10, 31, 1, 30, 37, 500, TimeSpan.Zero), Description = "Two lines\nof text", Version = 4,
    };

    [Fact]
    public async Task Only_what_was_edited_is_sent()
    {
        using var browser = Editing();
        var answer = await SubmitAsync(browser, ("Form.Description", "Two lines\r\nof better text"));

        answer.Headers.Location!.ToString().ShouldBe($"/tickets/{listing.Id}");
        Sent().ShouldBe("""{"description":"Two lines\nof better text","version":4}""");
    }

    [Theory]
    [InlineData("Form.Venue", "", """{"venue":null,"version":4}""")]
    [InlineData("Form.StartsAt", "", """{"startsAt":null,"version":4}""")]
    [InlineData("Form.StartsAt", "2027-10-31T01:31", """{"startsAt":"2027-10-31T01:31:00Z","version":4}""")]
    [InlineData("Form.Price", "36", """{"price":"36","version":4}""")]
    [InlineData("Form.Price", " ", """{"price":null,"version":4}""")]
    [InlineData("Form.MaxPerBuyer", "4", """{"maxPerBuyer":4,"version":4}""")]
    [InlineData("Form.BuyersPerMinute", "60", """{"buyersPerMinute":60,"version":4}""")]
    public async Task An_edited_field_is_sent_and_an_emptied_one_is_cleared(string field, string value, string body)
    {
        using var browser = Editing();
        await SubmitAsync(browser, (field, value));
        Sent().ShouldBe(body);
    }

    [Fact]
    public async Task Where_nothing_was_edited_nothing_is_sent_and_that_is_said()
    {
        using var browser = Editing();
        // The browser's own spelling of what the page showed.
        (await SubmitAsync(browser, ("Form.Price", "35"), ("Form.Description", "Two lines\r\nof text"))).Headers.Location!.ToString().ShouldBe($"/tickets/{listing.Id}");

        bodies.ShouldBeEmpty();
        (await browser.ReadAsync($"/tickets/{listing.Id}")).ShouldContain("Nothing was changed.");
    }

    [Fact]
    public async Task An_older_tab_is_told_what_another_saved_sees_both_values_and_loses_nothing()
    {
        using var browser = Editing();
        var older = await browser.OpenAsync(Page);
        // In the other tab the price went up and the title was mended; here the title too, and the description.
        var typed = Fields();
        listing = listing with { Price = 1025m, Title = "Hamlet, Prince", Version = 6 };

        var answer = await browser.SubmitAsync(Page, older, [.. typed, ("Form.Title", "Hamlet (1603)"), ("Form.Description", "A better text")]);
        var page = await answer.Content.ReadAsStringAsync();

        bodies.ShouldBeEmpty();
        page.ShouldContain("This listing was changed after you opened this page. Nothing is saved yet");
        page.ShouldContain("id=\"form-price-error\">Changed in the meantime. You had opened the page with: 35.00</p>");
        page.ShouldContain("value=\"1025.00\"");
        page.ShouldContain("id=\"form-title-error\">Saved in the meantime: Hamlet, Prince</p>");
        page.ShouldContain("value=\"Hamlet (1603)\"");
        page.ShouldContain("A better text</textarea>");
        page.ShouldNotContain("form-description-error");
        page.ShouldNotContain("form-startsat-error");

        // Told, they save what they mean; the price that the other tab saved stays.
        await browser.SubmitAsync(Page, Browser.HiddenIn(page), [.. Fields(), ("Form.Title", "Hamlet (1603)"), ("Form.Description", "A better text")]);
        Sent().ShouldBe("""{"title":"Hamlet (1603)","description":"A better text","version":6}""");
    }

    [Fact]
    public async Task It_is_said_in_German_too()
    {
        using var browser = Editing();
        await browser.PostAsync("/language", new Dictionary<string, string> { ["language"] = "de" });
        var older = await browser.OpenAsync(Page);
        var typed = Fields();
        listing = listing with { Price = 25m, StartsAt = null, Version = 5 };

        var page = await (await browser.SubmitAsync(Page, older, [.. typed, ("Form.Price", "35,00")])).Content.ReadAsStringAsync();

        page.ShouldContain("Dieses Angebot wurde geändert, nachdem Sie diese Seite geöffnet hatten.");
        page.ShouldContain("Inzwischen geändert. Als Sie die Seite öffneten, stand hier: 35,00</p>");
        page.ShouldContain("stand hier: 2027-10-31 01:30 UTC</p>");
        page.ShouldContain("value=\"25,00\"");
    }

    [Fact]
    public async Task A_change_that_both_tabs_made_is_no_conflict()
    {
        using var browser = Editing();
        var older = await browser.OpenAsync(Page);
        listing = listing with { Title = "Macbeth", Version = 5 };

        await browser.SubmitAsync(Page, older, [.. Fields(), ("Form.Title", "Macbeth"), ("Form.Venue", "Swan")]);

        Sent().ShouldBe("""{"venue":"Swan","version":5}""");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_change_between_the_look_and_the_save_is_seen_too(bool atTheSameField)
    {
        using var browser = Editing();
        var (older, typed) = (await browser.OpenAsync(Page), Fields());
        var refused = false;
        Site.Tickets.Answers(Keep(bodies, context =>
        {
            if (!HttpMethods.IsPut(context.Request.Method) || refused)
                return Json(listing)(context);
            refused = true;
            listing = atTheSameField ? listing with { Title = "Macbeth", Version = 5 } : listing with { Venue = "Swan", Version = 5 };
            context.Response.StatusCode = 400;
            return context.Response.WriteAsync(JsonSerializer.Serialize(
                new { status = 400, errors = new[] { new { message = "The listing was changed." } }, currentVersion = 5 }, JsonConventions.Options));
        }));

        // The venue that this tab did not touch is the old one.
        var answer = await browser.SubmitAsync(Page, older, [.. typed, ("Form.Title", "Othello")]);

        var page = await answer.Content.ReadAsStringAsync();
        bodies.Count.ShouldBe(1);
        page.ShouldContain(atTheSameField ? "Saved in the meantime: Macbeth" : "You had opened the page with: Globe");
        page.ShouldContain("value=\"Othello\"");
    }

    [Fact]
    public async Task A_refusal_shows_what_was_typed()
    {
        using var browser = Editing();
        var older = await browser.OpenAsync(Page);
        Site.Tickets.Answers(context => HttpMethods.IsPut(context.Request.Method)
            ? Problem(400, ("Some of these tickets are reserved right now.", null))(context)
            : Json(listing)(context));

        var page = await (await browser.SubmitAsync(Page, older, [.. Fields(), ("Form.Title", "Othello")])).Content.ReadAsStringAsync();

        page.ShouldContain("Some of these tickets are reserved right now.");
        page.ShouldContain("value=\"Othello\"");
        Browser.HiddenIn(page)["Form.Origin"].ShouldBe(older["Form.Origin"]);
    }

    private string Page => $"/tickets/{listing.Id}/edit";

    private string Sent() => bodies.ShouldHaveSingleItem().ToJsonString();

    private Browser Editing()
    {
        Site.Tickets.Answers(Keep(bodies, context => Json(listing)(context)));
        return SignedIn();
    }

    private async Task<HttpResponseMessage> SubmitAsync(Browser browser, params (string Name, string Value)[] edited) =>
        await browser.SubmitAsync(Page, await browser.OpenAsync(Page), [.. Fields(), .. edited]);

    /// <summary>What the page's fields have, which a browser sends whether or not somebody touched them.</summary>
    private (string Name, string Value)[] Fields() =>
    [
        ("Form.Title", listing.Title), ("Form.Price", listing.Price.ToString("0.00", CultureInfo.InvariantCulture)),
        ("Form.Quantity", $"{listing.Quantity}"), ("Form.Venue", listing.Venue!), ("Form.Description", listing.Description!.ReplaceLineEndings("\r\n")),
        ("Form.StartsAt", listing.StartsAt?.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture) ?? ""), ("Form.BuyersPerMinute", ""),
    ];
}
