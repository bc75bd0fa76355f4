using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Ticketing.Contracts.Api;
using Xunit;

namespace Ticketing.Tests.Web.Pages;

public sealed class AccountPagesTests(WebSite site) : PagesTests(site)
{
    [Theory]
    [InlineData("/account")]
    [InlineData("/account/email")]
    [InlineData("/account/password")]
    [InlineData("/account/delete")]
    [InlineData("/account/data")]
    public async Task Needs_a_user(string path)
    {
        using var browser = Anonymous();
        var answer = await browser.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().ShouldStartWith("/signin?returnUrl=");
    }

    [Theory]
    [InlineData("/account/email", "/api/users/email", "{\"email\":\"new@b.example\",\"password\":\"correct horse\"}",
        "Form.Email=new@b.example", "Form.Password=correct horse")]
    [InlineData("/account/password", "/api/users/password", "{\"currentPassword\":\"correct horse\",\"newPassword\":\"battery staple\"}",
        "Form.CurrentPassword=correct horse", "Form.NewPassword=battery staple")]
    public async Task A_change_hands_the_new_session_on_and_says_so(string page, string route, string body, params string[] fields)
    {
        List<(string Path, string Body)> asked = [];
        Site.Auth.Answers(async context =>
        {
            asked.Add((context.Request.Path, await new StreamReader(context.Request.Body).ReadToEndAsync()));
            context.Response.Headers.SetCookie = new(["session=s; path=/; httponly", "refresh=r; path=/; httponly"]);
            await Json(new UserResponse(UserId, "new@b.example"))(context);
        });

        using var browser = SignedIn();
        var answer = await browser.SubmitAsync(page, [.. fields.Select(field => (field.Split('=')[0], field.Split('=')[1]))]);

        asked.ShouldHaveSingleItem().ShouldBe((route, body));
        answer.Headers.Location!.ToString().ShouldBe("/account");
        answer.Headers.GetValues("Set-Cookie").ShouldContain("session=s; path=/; httponly");
    }

    [Theory]
    [InlineData("/account/email", "Form.Email=new@b.example", "Form.Password=wrong password")]
    [InlineData("/account/password", "Form.CurrentPassword=wrong password", "Form.NewPassword=battery staple")]
    [InlineData("/account/delete", "Form.Password=wrong password")]
    public async Task What_is_wrong_stands_above_and_no_password_is_sent_back(string page, params string[] fields)
    {
        Site.Auth.Answers(Problem(400, ("Wrong password.", null)));

        using var browser = SignedIn();
        var html = await browser.ReadAnswerAsync(page, [.. fields.Select(field => (field.Split('=')[0], field.Split('=')[1]))]);

        html.ShouldContain("role=\"alert\"");
        html.ShouldContain("Wrong password.");
        html.ShouldNotContain("value=\"wrong password\"");
        html.ShouldNotContain("battery staple");
        if (page == "/account/email")
            html.ShouldContain("value=\"new@b.example\"");
    }

    [Fact]
    public async Task A_deleted_account_leads_home_signed_out()
    {
        Site.Auth.Answers(context =>
        {
            context.Response.Headers.SetCookie = new(["session=; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/"]);
            return Json(new { })(context);
        });

        using var browser = SignedIn();
        var answer = await browser.SubmitAsync("/account/delete", ("Form.Password", "correct horse"));

        answer.Headers.Location!.ToString().ShouldBe("/");
        answer.Headers.GetValues("Set-Cookie").ShouldContain(cookie => cookie.StartsWith("session=;"));
    }

    [Fact]
    public async Task The_download_has_everything_page_after_page()
    {
        var (first, second) = (Order(), Order());
        Site.Auth.Answers(Json(new { id = UserId, email = "a@b.example", sessions = Array.Empty<int>() }));
        Site.Orders.Answers(context =>
        {
            var next = context.Request.Query["cursor"] == "more";
            if (!next)
                context.Response.Headers.Link = "</api/orders?cursor=more&limit=100>; rel=\"next\"";
            return Json(new[] { next ? second : first })(context);
        });
        Site.Payments.Answers(Json(new[] { new PaymentResponse(Guid.CreateVersion7(), first.Id, "captured", 70m, "usd") }));
        var told = new NotificationResponse(Guid.CreateVersion7(), Guid.CreateVersion7(), "Faust", DateTimeOffset.UnixEpoch, Read: false);
        Site.Tickets.Answers(context => context.Request.Path.Value switch
        {
            "/api/tickets/watches" => Json(new[] { Ticket() })(context),
            "/api/tickets/notifications" => Json(new NotificationsResponse(1, [told]))(context),
            _ => Json(new[] { Ticket(seller: UserId) })(context),
        });

        using var browser = SignedIn();
        var answer = await browser.GetAsync("/account/data");

        answer.Content.Headers.ContentDisposition!.FileName!.Trim('"').ShouldBe("ticketing-data.json");
        var data = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        data["account"]!["email"]!.GetValue<string>().ShouldBe("a@b.example");
        data["orders"]!.AsArray().Select(order => order!["id"]!.GetValue<Guid>()).ShouldBe([first.Id, second.Id]);
        data["payments"]!.AsArray().Count.ShouldBe(1);
        data["listings"]!.AsArray().Single()!["title"]!.GetValue<string>().ShouldBe("Hamlet");
        data["watches"]!.AsArray().Count.ShouldBe(1);
        data["notifications"]!.AsArray().Single()!["title"]!.GetValue<string>().ShouldBe("Faust");
    }

    [Fact]
    public async Task A_download_that_breaks_off_does_not_look_whole()
    {
        Site.Auth.Answers(Json(new { id = UserId }));
        Site.Orders.Answers(Json(new[] { Order() }));
        Site.Payments.Answers(context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        });
        Site.Tickets.Answers(Json(Array.Empty<TicketResponse>()));

        using var browser = SignedIn();
        var answer = await Record.ExceptionAsync(async () => (await browser.GetAsync("/account/data")).EnsureSuccessStatusCode());
        answer.ShouldBeOfType<HttpRequestException>();
    }
}
