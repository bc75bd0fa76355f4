using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Ticketing.Contracts.Api;
using Xunit;

namespace Ticketing.Tests.Web.Pages;

/// <summary>Forms that were open in one tab while somebody signed in or out in another.</summary>
public sealed class FormTabsTests(WebSite site) : PagesTests(site)
{
    private const string Sentence = "Nothing was done, since this page was opened before you signed in as";

    private string Other => Site.Platform.Users.TokenFor(Guid.CreateVersion7(), Site.Platform.Clock.GetUtcNow());

    /// <summary>Every form of the site, but for signing in and up, which act for whoever they sign in.</summary>
    public static TheoryData<string> Forms =>
        [.. AccessTests.WithForms.Select(form => form.Data).Where(path => !path.StartsWith("/sign", StringComparison.Ordinal))];

    [Fact]
    public async Task The_forms_cookie_comes_along_when_another_site_leads_back_but_with_no_foreign_POST()
    {
        using var browser = Anonymous();
        var answer = await browser.GetAsync("/signin");
        answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("form=", StringComparison.Ordinal)).ShouldContain("samesite=lax");
    }

    [Theory]
    [InlineData("signin", false)]
    [InlineData("signup", false)]
    // Both tabs were opened at once, before there was a cookie: each got one, and one is lost.
    [InlineData("signin", true)]
    public async Task Of_two_sign_in_tabs_the_second_goes_on(string path, bool isCookieLost)
    {
        Site.Auth.Answers(Json(new UserResponse(UserId, "a@b.example")));
        using var browser = Anonymous();
        var first = await browser.OpenAsync($"/{path}?returnUrl=%2Ftickets%2Fnew");
        if (isCookieLost)
            browser.Forget("form");
        var second = await browser.OpenAsync($"/{path}");

        foreach (var tab in new[] { first, second })
        {
            var answer = await browser.SubmitAsync($"/{path}", tab, ("Form.Email", "a@b.example"), ("Form.Password", "correct horse"));
            answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
            browser.SignIn(Session);
        }
        Site.Auth.Arrived.Count(request => request.EndsWith($"users/{path}", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task A_guests_ticket_tab_goes_on_after_signing_in_elsewhere()
    {
        var (ticket, order) = (Ticket(), Order());
        var bodies = new List<JsonNode>();
        Site.Tickets.Answers(Json(ticket));
        Site.Orders.Answers(Keep(bodies, Json(order, 201)));
        using var browser = Anonymous();
        var tab = await browser.OpenAsync($"/tickets/{ticket.Id}");
        browser.SignIn(Session);

        var answer = await browser.SubmitAsync($"/tickets/{ticket.Id}", tab, ("Form.Quantity", "3"));

        answer.Headers.Location!.ToString().ShouldBe($"/orders/{order.Id}");
        bodies.ShouldHaveSingleItem()["quantity"]!.GetValue<int>().ShouldBe(3);
    }

    [Fact]
    public async Task The_second_of_two_sign_outs_goes_on()
    {
        Site.Auth.Answers(Json(new { }));
        using var browser = SignedIn();
        var tab = await browser.OpenAsync("/account");
        (await browser.SubmitAsync("/signout", tab)).Headers.Location!.ToString().ShouldBe("/");
        browser.SignIn(null);

        (await browser.SubmitAsync("/signout", tab)).Headers.Location!.ToString().ShouldBe("/");
        Site.Tickets.Answers(Json(Array.Empty<TicketResponse>()));
        (await browser.ReadAsync("/")).ShouldNotContain("role=\"alert\"");
    }

    [Fact]
    public async Task A_sign_out_of_one_user_does_not_sign_out_another()
    {
        Site.Auth.Answers(Json(new { }));
        Site.Tickets.Answers(Json(Array.Empty<TicketResponse>()));
        using var browser = SignedIn();
        var tab = await browser.OpenAsync("/account");
        browser.SignIn(Other);

        (await browser.SubmitAsync("/signout", tab)).Headers.Location!.ToString().ShouldBe("/");

        Site.Auth.Arrived.ShouldBeEmpty();
        (await browser.ReadAsync("/")).ShouldContain(Sentence);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_form_made_for_one_user_never_acts_as_another(string path)
    {
        var stubs = new[] { Site.Auth, Site.Tickets, Site.Orders, Site.Payments };
        foreach (var stub in stubs)
            stub.Answers(Problem(404, ("Nothing is here.", null)));
        using var browser = SignedIn();
        var tab = await browser.OpenAsync("/account");
        browser.SignIn(Other);

        var answer = await browser.SubmitAsync(
            path, tab, ("Form.Title", "Hamlet"), ("Form.Price", "1"), ("Form.Quantity", "1"), ("Form.Password", "p"), ("through", $"{UserId}"));

        answer.StatusCode.ShouldNotBe(HttpStatusCode.BadRequest);
        stubs.SelectMany(stub => stub.Arrived).ShouldAllBe(request => request.StartsWith("GET ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("en", Sentence)]
    [InlineData("de", "Es ist nichts geschehen, denn diese Seite wurde geöffnet, bevor Sie sich als")]
    public async Task Another_users_session_shows_the_form_again_as_it_was_and_then_it_is_theirs(string language, string sentence)
    {
        var bodies = new List<JsonNode>();
        Site.Tickets.Answers(Keep(bodies, Json(Ticket(), 201)));
        using var browser = SignedIn();
        await browser.PostAsync("/language", new Dictionary<string, string> { ["language"] = language });
        var tab = await browser.OpenAsync("/tickets/new");
        browser.SignIn(Other);

        var answer = await browser.SubmitAsync("/tickets/new", tab, ("Form.Title", "Hamlet"), ("Form.Price", "5"), ("Form.Quantity", "2"), ("Form.Description", "Long"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain(sentence);
        page.ShouldContain("value=\"Hamlet\"");
        page.ShouldContain("Long</textarea>");
        bodies.ShouldBeEmpty();

        await browser.SubmitAsync("/tickets/new", Browser.HiddenIn(page), ("Form.Title", "Hamlet"), ("Form.Price", "5"), ("Form.Quantity", "2"));
        bodies.ShouldHaveSingleItem()["title"]!.ToString().ShouldBe("Hamlet");
    }

    [Fact]
    public async Task What_was_chosen_on_a_ticket_page_stays_chosen_for_another_user()
    {
        var ticket = Ticket();
        Site.Tickets.Answers(Json(ticket));
        Site.Orders.Answers(Json(Array.Empty<OrderResponse>()));
        using var browser = SignedIn();
        var tab = await browser.OpenAsync($"/tickets/{ticket.Id}");
        browser.SignIn(Other);

        var page = await (await browser.SubmitAsync($"/tickets/{ticket.Id}", tab, ("Form.Quantity", "4"))).Content.ReadAsStringAsync();

        page.ShouldContain(Sentence);
        page.ShouldContain("value=\"4\"");
        Site.Orders.Arrived.ShouldAllBe(request => request.StartsWith("GET ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_typed_comes_along_to_the_sign_in_page_and_back()
    {
        var bodies = new List<JsonNode>();
        Site.Tickets.Answers(Keep(bodies, Json(Ticket(), 201)));
        Site.Auth.Answers(Json(new UserResponse(UserId, "a@b.example")));
        using var browser = SignedIn();
        var tab = await browser.OpenAsync("/tickets/new");
        browser.SignIn(null);
        (string, string)[] typed =
            [("Form.Title", "Tom & \"Jerry\""), ("Form.Price", "5"), ("Form.Quantity", "2"), ("Form.Description", "two\r\nlines"), ("Form.Venue", "")];

        // A browser follows each of these with the same body.
        var away = await browser.SubmitAsync("/tickets/new", tab, typed);
        away.StatusCode.ShouldBe(HttpStatusCode.TemporaryRedirect);
        var entry = away.Headers.Location!.ToString();
        entry.ShouldBe("/signin?returnUrl=%2Ftickets%2Fnew&handler=Keep");
        var page = await (await browser.SubmitAsync(entry, tab, typed)).Content.ReadAsStringAsync();
        page.ShouldContain("You are signed out. Sign in, and what you typed is there again.");

        var hidden = Browser.HiddenIn(page);
        (string, string)[] credentials = [("Form.Email", "a@b.example"), ("Form.Password", "correct horse")];
        var back = await browser.SubmitAsync("/signin?returnUrl=%2Ftickets%2Fnew", hidden, credentials);
        back.StatusCode.ShouldBe(HttpStatusCode.TemporaryRedirect);
        back.Headers.Location!.ToString().ShouldBe("/tickets/new");
        browser.SignIn(Session);
        page = await (await browser.SubmitAsync("/tickets/new", hidden, credentials)).Content.ReadAsStringAsync();

        page.ShouldContain(Sentence);
        page.ShouldContain("value=\"Tom &amp; &quot;Jerry&quot;\"");
        page.ShouldContain("lines</textarea>");
        page.ShouldNotContain("correct horse");
        bodies.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/account/email")]
    [InlineData("/account/delete")]
    public async Task No_password_comes_along(string path)
    {
        using var browser = SignedIn();
        var tab = await browser.OpenAsync(path);
        browser.SignIn(null);

        (await browser.SubmitAsync(path, tab, ("Form.Password", "correct horse"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "none")]
    public async Task A_foreign_form_is_refused_whoever_is_signed_in(string header, string value)
    {
        var stubs = new[] { Site.Auth, Site.Tickets, Site.Orders, Site.Payments };
        foreach (var stub in stubs)
            stub.Answers(_ => Task.CompletedTask);
        foreach (var session in new[] { null, Session })
        {
            using var browser = new Browser(Site.Web, session);
            foreach (var path in new[] { "/signin", "/signout", $"/tickets/{Guid.CreateVersion7()}" })
            {
                var answer = await browser.PostAsync(path, new Dictionary<string, string> { ["Form.Quantity"] = "1" }, (header, value));
                answer.StatusCode.ShouldBeOneOf(HttpStatusCode.BadRequest, HttpStatusCode.Forbidden);
            }
            using var guest = Anonymous();
            // Another user's token does not help.
            var token = await guest.OpenAsync("/signin");
            (await browser.PostAsync("/signout", token, (header, value))).StatusCode.ShouldBeOneOf(HttpStatusCode.BadRequest, HttpStatusCode.Forbidden);
        }
        foreach (var stub in stubs)
            stub.Arrived.ShouldBeEmpty();
    }
}
