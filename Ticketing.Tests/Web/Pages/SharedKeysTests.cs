using System.Net;
using Shouldly;
using Ticketing.Contracts.Api;
using Xunit;

namespace Ticketing.Tests.Web.Pages;

public sealed class SharedKeysTests(WebSite site) : PagesTests(site)
{
    [Fact]
    public async Task A_form_from_one_replica_can_be_posted_to_another()
    {
        Site.Auth.Answers(Json(new UserResponse(UserId, "a@b.example")));
        await using var replica = Site.Start();
        using var browser = Anonymous();
        var page = await browser.ReadAsync("/signin");
        const string name = "__RequestVerificationToken";
        var start = page.IndexOf("value=\"", page.IndexOf(name, StringComparison.Ordinal), StringComparison.Ordinal) + 7;

        using var elsewhere = browser.At(replica);
        var answer = await elsewhere.PostAsync("/signin", new Dictionary<string, string>
        {
            [name] = page[start..page.IndexOf('"', start)],
            ["Form.Email"] = "a@b.example",
            ["Form.Password"] = "correct horse",
        });

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task With_Redis_away_from_the_start_only_pages_with_forms_are_away_too()
    {
        Site.Tickets.Answers(Json(new[] { Ticket() }));
        await using var web = Site.Start(("ConnectionStrings:redis", "127.0.0.1:1,connectTimeout=200"));
        using var browser = new Browser(web);

        (await browser.ReadAsync("/")).ShouldContain("Hamlet");
        using var client = web.Anonymous();
        (await client.GetAsync("/api/tickets")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var form = await browser.GetAsync("/signin");
        form.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await form.Content.ReadAsStringAsync()).ShouldContain("One moment, please");
    }
}
