using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Ticketing.Contracts.Api;
using Xunit;

namespace Ticketing.Tests.Web.Pages;

public sealed class NotificationsTests(WebSite site) : PagesTests(site)
{
    [Fact]
    public async Task Notify_me_is_offered_while_there_is_nothing_and_works_without_a_script()
    {
        var (none, some) = (Ticket(available: 0), Ticket());
        var watching = false;
        Site.Tickets.Answers(context =>
        {
            if (context.Request.Path == $"/api/tickets/{none.Id}/watch")
            {
                if (HttpMethods.IsGet(context.Request.Method))
                    return Json(new WatchResponse(watching))(context);
                watching = HttpMethods.IsPut(context.Request.Method);
                context.Response.StatusCode = 204;
                return Task.CompletedTask;
            }
            return Json(context.Request.Path == $"/api/tickets/{none.Id}" ? none : some)(context);
        });

        using var browser = SignedIn();
        (await browser.ReadAsync($"/tickets/{some.Id}")).ShouldMatch("data-notify[^>]*hidden");
        var page = await browser.ReadAsync($"/tickets/{none.Id}");
        page.ShouldNotMatch("data-notify[^>]*hidden");
        page.ShouldContain("<button>Notify me</button>");

        (await browser.SubmitAsync($"/tickets/{none.Id}?handler=Watch")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        watching.ShouldBeTrue();
        (await browser.ReadAsync($"/tickets/{none.Id}")).ShouldContain("<button>Stop waiting</button>");
        (await browser.SubmitAsync($"/tickets/{none.Id}?handler=Unwatch")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        watching.ShouldBeFalse();

        using var visitor = Anonymous();
        (await visitor.ReadAsync($"/tickets/{none.Id}")).ShouldContain($"/signin?returnUrl=%2Ftickets%2F{none.Id}");
    }

    [Fact]
    public async Task Pressed_in_the_moment_in_which_they_come_back_it_says_so()
    {
        var ticket = Ticket();
        Site.Tickets.Answers(context => HttpMethods.IsPut(context.Request.Method)
            ? Problem(400, ("There are tickets right now: reserve some.", null))(context)
            : Json(ticket)(context));

        using var browser = SignedIn();
        var page = await (await browser.SubmitAsync($"/tickets/{ticket.Id}?handler=Watch")).Content.ReadAsStringAsync();

        page.ShouldContain("There are tickets right now: reserve some.");
    }

    [Fact]
    public async Task The_list_shows_what_is_new_and_what_is_waited_for()
    {
        var (unread, read) = (Told("Hamlet", read: false), Told("Macbeth", read: true));
        var waiting = Ticket(title: "Othello", available: 0);
        var bodies = new List<JsonNode>();
        Site.Tickets.Answers(context => context.Request.Path.Value switch
        {
            "/api/tickets/watches" => Json(new[] { waiting })(context),
            "/api/tickets/notifications/read" => Keep(bodies, Json(new { }))(context),
            _ when HttpMethods.IsDelete(context.Request.Method) => Task.CompletedTask,
            _ => Json(new NotificationsResponse(1, [unread, read]))(context),
        });

        using var browser = SignedIn();
        var page = await browser.ReadAsync("/notifications");
        page.ShouldContain("Tickets again: Hamlet");
        page.ShouldContain("Tickets again: Macbeth");
        page.ShouldContain("Stop waiting for Othello");
        page.Split("<li class=\"unread\">").Length.ShouldBe(2);

        await browser.SubmitAsync("/notifications?handler=Read", ("through", unread.Id.ToString()));
        bodies.ShouldHaveSingleItem()["through"]!.GetValue<Guid>().ShouldBe(unread.Id);
        await browser.SubmitAsync("/notifications?handler=Unwatch", ("ticketId", waiting.Id.ToString()));
        Site.Tickets.Arrived.ShouldContain($"DELETE /api/tickets/{waiting.Id}/watch");
    }

    private static NotificationResponse Told(string title, bool read) =>
        new(Guid.CreateVersion7(), Guid.CreateVersion7(), title, DateTimeOffset.UnixEpoch, read);
}
