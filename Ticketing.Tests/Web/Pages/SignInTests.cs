using System.Net;
using Shouldly;
using Ticketing.Contracts.Api;
using Xunit;

namespace Ticketing.Tests.Web.Pages;

public sealed class SignInTests(WebSite site) : PagesTests(site)
{
    [Fact]
    public async Task Signing_in_hands_the_cookies_on_and_goes_back_to_where_one_came_from()
    {
        Site.Auth.Answers(context =>
        {
            context.Response.Headers.SetCookie = new(["session=s; path=/; httponly", "refresh=r; path=/; httponly"]);
            return Json(new UserResponse(UserId, "a@b.example"))(context);
        });

        using var browser = Anonymous();
        var answer = await browser.SubmitAsync("/signin?returnUrl=%2Ftickets%2Fnew",
            ("Form.Email", "a@b.example"), ("Form.Password", "correct horse"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().ShouldBe("/tickets/new");
        answer.Headers.GetValues("Set-Cookie")
            .ShouldBe(["session=s; path=/; httponly", "refresh=r; path=/; httponly"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("")]
    public async Task It_goes_back_to_no_other_site(string returnUrl)
    {
        Site.Auth.Answers(Json(new UserResponse(UserId, "a@b.example")));

        using var browser = Anonymous();
        var answer = await browser.SubmitAsync($"/signin?returnUrl={Uri.EscapeDataString(returnUrl)}",
            ("Form.Email", "a"), ("Form.Password", "b"));

        answer.Headers.Location!.ToString().ShouldBe("/");
    }

    [Fact]
    public async Task What_is_wrong_as_a_whole_stands_above_and_the_password_is_not_sent_back()
    {
        Site.Auth.Answers(Problem(400, ("The e-mail or the password is wrong.", null)));

        using var browser = Anonymous();
        var page = await browser.ReadAnswerAsync("/signin", ("Form.Email", "a@b.example"), ("Form.Password", "correct horse"));

        page.ShouldContain("role=\"alert\"");
        page.ShouldContain("The e-mail or the password is wrong.");
        page.ShouldContain("value=\"a@b.example\"");
        page.ShouldNotContain("correct horse");
    }

    [Fact]
    public async Task What_is_wrong_with_a_field_stands_at_the_field()
    {
        Site.Auth.Answers(Problem(400, ("Too short.", "password"), ("No address.", "email")));

        using var browser = Anonymous();
        var page = await browser.ReadAnswerAsync("/signup", ("Form.Email", "a"), ("Form.Password", "b"));

        page.ShouldContain("aria-describedby=\"form-password-hint form-password-error\"");
        page.ShouldContain("<p class=\"error\" id=\"form-password-error\">Too short.</p>");
        page.ShouldContain("aria-describedby=\"form-email-error\"");
        page.ShouldNotContain("role=\"alert\"");
    }

    [Theory]
    [InlineData("/signin")]
    [InlineData("/signup")]
    public async Task Who_tries_too_often_is_told_how_long_to_wait(string path)
    {
        Site.Auth.Answers(context =>
        {
            context.Response.Headers.RetryAfter = "42";
            return Problem(429, ("Too many attempts. Try again in 42 seconds.", null))(context);
        });

        using var browser = Anonymous();
        var answer = await browser.SubmitAsync(path, ("Form.Email", "a@b.example"), ("Form.Password", "correct horse"));

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(42));
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Too many attempts. Try again in 42 seconds.");
    }

    [Fact]
    public async Task Signing_out_revokes_the_session_at_Auth_and_clears_it_here()
    {
        string? arrived = null;
        Site.Auth.Answers(context =>
        {
            arrived = context.Request.Headers.Cookie;
            context.Response.Headers.SetCookie = "session=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT";
            return Json(new { })(context);
        });
        Site.Tickets.Answers(Json(Array.Empty<object>()));

        using var browser = SignedIn();
        var fields = await TokenAsync(browser);
        var answer = await browser.PostAsync("/signout", fields);

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        arrived!.ShouldStartWith("session=ey");
        answer.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem().ShouldStartWith("session=;");
    }

    [Fact]
    public async Task Signing_out_with_Auth_away_still_clears_the_browser()
    {
        Site.Auth.Answers(503);
        Site.Tickets.Answers(Json(Array.Empty<object>()));

        using var browser = SignedIn();
        var answer = await browser.PostAsync("/signout", await TokenAsync(browser));

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split('=')[0]).ShouldBe(["session", "refresh"]);
    }

    /// <summary>The token of the header's sign-out form.</summary>
    private static async Task<Dictionary<string, string>> TokenAsync(Browser browser)
    {
        const string name = "__RequestVerificationToken";
        var page = await browser.ReadAsync("/");
        var start = page.IndexOf("value=\"", page.IndexOf(name, StringComparison.Ordinal), StringComparison.Ordinal) + 7;
        return new() { [name] = page[start..page.IndexOf('"', start)] };
    }
}
