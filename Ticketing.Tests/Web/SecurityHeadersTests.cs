using System.Net;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Ticketing.Tests.Web.Pages;
using Xunit;

namespace Ticketing.Tests.Web;

public sealed class SecurityHeadersTests(WebSite site) : PagesTests(site)
{
    [Theory]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/css/site.css", HttpStatusCode.OK)]
    [InlineData("/js/live.js", HttpStatusCode.OK)]
    [InlineData("/nothing", HttpStatusCode.NotFound)]
    [InlineData("/api/tickets", HttpStatusCode.OK)]
    [InlineData("/api/nothing", HttpStatusCode.NotFound)]
    [InlineData("/orders/1", HttpStatusCode.NotFound)]
    // The service fails: the page is made anew after the exception.
    [InlineData("/selling", HttpStatusCode.ServiceUnavailable)]
    public async Task Every_answer_says_what_a_browser_must_not_do(string path, HttpStatusCode status)
    {
        Site.Tickets.Answers(context => context.Request.Query.ContainsKey("seller")
            ? Problem(500, ("No.", null))(context)
            : Json(Array.Empty<object>())(context));

        using var browser = SignedIn();
        var answer = await browser.GetAsync(path);

        answer.StatusCode.ShouldBe(status);
        var policy = Header(answer, "Content-Security-Policy")!.Split("; ");
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("script-src 'self'");
        policy.ShouldContain("style-src 'self'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldContain("base-uri 'none'");
        policy.ShouldContain("form-action 'self' https://checkout.stripe.com");
        policy.ShouldAllBe(directive => !directive.Contains("unsafe"));
        Header(answer, "X-Content-Type-Options").ShouldBe("nosniff");
        Header(answer, "Referrer-Policy").ShouldBe("same-origin");
        Header(answer, "Permissions-Policy")!.ShouldStartWith("camera=(self), ");
        Header(answer, "Cross-Origin-Opener-Policy").ShouldBe("same-origin");
        Header(answer, "Server").ShouldBeNull();
        Header(answer, "X-Powered-By").ShouldBeNull();
        Header(answer, "Strict-Transport-Security").ShouldBeNull("this is plain http");
    }

    [Fact]
    public async Task The_APIs_page_runs_no_script_but_its_own_and_only_it_may_have_inline_styles()
    {
        using var client = Site.Web.Anonymous();
        var answer = await client.GetAsync("/docs/");

        var policy = Header(answer, "Content-Security-Policy")!.Split("; ");
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("connect-src 'self'");
        policy.ShouldContain("frame-ancestors 'none'");
        var nonce = policy.Single(directive => directive.StartsWith("script-src 'nonce-", StringComparison.Ordinal))["script-src 'nonce-".Length..^1];
        policy.Where(directive => directive.Contains("unsafe")).ShouldBe(["style-src 'unsafe-inline'"]);
        var page = await answer.Content.ReadAsStringAsync();
        page.Split("<script").Skip(1).ShouldAllBe(script => script.Contains($" nonce=\"{nonce}\""));
        page.ShouldNotContain("http://");
        page.ShouldNotContain("https://");
        // Another one each time.
        Header(await client.GetAsync("/docs/"), "Content-Security-Policy")!.ShouldNotContain(nonce);
        Header(await client.GetAsync("/docs/scalar.js"), "Content-Security-Policy")!.ShouldNotContain("unsafe");
    }

    [Fact]
    public async Task Over_https_a_browser_is_told_to_stay_there_and_only_the_proxys_last_word_counts()
    {
        var seen = new HeaderDictionary();
        Site.Tickets.Answers(context =>
        {
            seen["X-Forwarded-For"] = context.Request.Headers["X-Forwarded-For"];
            return Json(Array.Empty<object>())(context);
        });
        await using var web = Site.Start(("FORWARDEDHEADERS_ENABLED", "true"));
        await WebSite.IsHealthyAsync(web);
        using var client = web.Anonymous();
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        // What the client wrote, and what the proxy added to it.
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "6.6.6.6, 192.0.2.1");

        var answer = await client.GetAsync("/api/tickets");

        Header(answer, "Strict-Transport-Security").ShouldBe("max-age=31536000");
        seen["X-Forwarded-For"].ToString().ShouldBe("192.0.2.1");
    }

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;
}
