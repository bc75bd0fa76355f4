using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Ticketing.Tests.Web.Pages;

public sealed class AccessTests(WebSite site) : PagesTests(site)
{
    private static readonly Guid Id = Guid.CreateVersion7();

    public static TheoryData<string> NeedAUser =>
        ["/tickets/new", $"/tickets/{Id}/edit", "/orders?cursor=a", $"/orders/{Id}", $"/orders/{Id}/print", $"/orders/{Id}/calendar.ics", $"/checkin/{Id}", "/selling",
         "/selling/sales.csv?days=7", "/notifications"];

    public static TheoryData<string> WithForms =>
    [
        "/signin", "/signin?handler=Keep", "/signup", "/signup?handler=Keep", "/signout", "/tickets/new", $"/tickets/{Id}", $"/tickets/{Id}/edit",
        $"/tickets/{Id}/edit?handler=Delete", $"/orders/{Id}?handler=Pay", $"/orders/{Id}?handler=Cancel",
        $"/orders/{Id}?handler=Again", $"/checkin/{Id}",
        $"/tickets/{Id}/queue?handler=Leave", $"/tickets/{Id}?handler=Watch", $"/tickets/{Id}?handler=Unwatch", "/notifications?handler=Read", "/notifications?handler=Unwatch",
        "/account/email", "/account/password", "/account/delete", "/account?handler=SignOutEverywhere",
    ];

    [Theory]
    [MemberData(nameof(NeedAUser))]
    public async Task A_page_that_needs_a_user_sends_a_visitor_to_sign_in_and_back(string path)
    {
        using var browser = Anonymous();
        var answer = await browser.GetAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().ShouldBe($"/signin?returnUrl={Uri.EscapeDataString(path)}");
    }

    [Theory]
    [InlineData("/", "GET, HEAD")]
    [InlineData("/signin", "GET, HEAD, POST")]
    [InlineData("/tickets/{0}", "GET, HEAD, POST")]
    [InlineData("/orders/{0}", "GET, HEAD, POST")]
    [InlineData("/orders", "GET, HEAD")]
    [InlineData("/selling/sales.csv", "GET, HEAD")]
    [InlineData("/offline", "GET, HEAD")]
    public async Task A_method_that_a_page_has_nothing_for_is_405_before_anything_else(string path, string allowed)
    {
        foreach (var client in new[] { Site.Web.Anonymous(), Site.Web.As(UserId) })
        {
            foreach (var method in (string[])["TRACE", "PUT", "DELETE", "PATCH", "OPTIONS", "POST", "CHEESE"])
            {
                if (allowed.Contains(method))
                    continue;
                using var answer = await client.SendAsync(new(new(method), string.Format(path, Id)));
                answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed, $"{method} {path}");
                answer.Content.Headers.Allow.Order().ShouldBe(allowed.Split(", ").Order(), method);
            }
            client.Dispose();
        }
    }

    [Fact]
    public async Task A_form_that_no_handler_of_its_page_is_for_is_400()
    {
        var order = Order();
        Site.Orders.Answers(Json(order));
        Site.Tickets.Answers(Json(Ticket()));
        Site.Payments.Answers(404);
        using var browser = SignedIn();
        (await browser.SubmitAsync($"/orders/{order.Id}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/robots.txt", "text/plain")]
    [InlineData("/favicon.ico", "image/x-icon")]
    public async Task What_programs_look_for_is_there(string path, string type)
    {
        using var browser = Anonymous();
        var answer = await browser.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        (await answer.Content.ReadAsByteArrayAsync()).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Password_managers_are_led_to_the_page_where_it_is_changed()
    {
        using var browser = Anonymous();
        var answer = await browser.GetAsync("/.well-known/change-password");
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().ShouldBe("/account/password");
        (await browser.GetAsync("/account/password")).Headers.Location!.ToString().ShouldBe("/signin?returnUrl=%2Faccount%2Fpassword");
    }

    [Theory]
    [MemberData(nameof(WithForms))]
    public async Task A_form_without_its_token_is_refused_and_changes_nothing(string path)
    {
        foreach (var stub in new[] { Site.Auth, Site.Tickets, Site.Orders, Site.Payments })
            stub.Answers(_ => Task.CompletedTask);

        using var browser = SignedIn();
        var answer = await browser.PostAsync(path, new Dictionary<string, string> { ["Form.Email"] = "a" });

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("This did not work");
        foreach (var stub in new[] { Site.Auth, Site.Tickets, Site.Orders, Site.Payments })
            stub.Arrived.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_form_is_among_those_tried()
    {
        var loader = Site.Web.Services.GetRequiredService<PageLoader>();
        var forms = new List<string>();
        foreach (var page in Site.Web.Services.GetRequiredService<IActionDescriptorCollectionProvider>().ActionDescriptors.Items
            .OfType<PageActionDescriptor>())
        {
            var compiled = await loader.LoadAsync(page, EndpointMetadataCollection.Empty);
            forms.AddRange(compiled.HandlerMethods.Where(handler => HttpMethods.IsPost(handler.HttpMethod)).Select(handler =>
                $"/{page.AttributeRouteInfo!.Template}{(handler.Name is null ? "" : $"?handler={handler.Name}")}"));
        }

        // The page for errors is shown to whatever failed, and does nothing.
        forms.Remove("/error/{code:int}").ShouldBeTrue();
        // Says why it needs no token.
        forms.Remove("/language").ShouldBeTrue();
        WithForms.Select(form => form.Data.Replace($"{Id}", "{id:guid}")).ShouldBe(forms, ignoreOrder: true);
    }

    [Fact]
    public async Task A_change_from_another_sites_page_is_403()
    {
        using var client = Site.Web.Anonymous();
        client.DefaultRequestHeaders.Add("Cookie", $"session={Session}");
        client.DefaultRequestHeaders.Add("Origin", "http://evil.example");

        (await client.PostAsync("/tickets/new", new StringContent(""))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData(404, 404, "There is nothing here")]
    [InlineData(401, 403, "This is not yours")]
    [InlineData(500, 503, "One moment, please")]
    [InlineData(503, 503, "One moment, please")]
    public async Task What_a_service_refuses_becomes_a_page_for_people(int said, int shown, string heading)
    {
        Site.Orders.Answers(Problem(said, ("No.", null)));

        using var browser = SignedIn();
        var answer = await browser.GetAsync($"/orders/{Id}");

        ((int)answer.StatusCode).ShouldBe(shown);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain($"<h1>{heading}</h1>");
        page.ShouldNotContain("ServiceDownException");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (answer.Headers.RetryAfter is not null).ShouldBe(shown == 503);
    }

    [Fact]
    public async Task A_service_that_is_away_becomes_a_page_for_people()
    {
        await using var web = Site.Start(("services:orders:http:0", "http://127.0.0.1:1"));
        using var browser = new Browser(web, Session);

        var answer = await browser.GetAsync("/orders");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("One moment, please");
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/tickets/not-an-id")]
    [InlineData("/orders/1")]
    public async Task An_unknown_address_is_a_404_page(string path)
    {
        using var browser = Anonymous();
        var answer = await browser.GetAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("There is nothing here");
    }

    [Fact]
    public async Task Only_its_seller_sees_a_listings_edit_page()
    {
        var (mine, other) = (Ticket(seller: UserId), Ticket());
        Site.Tickets.Answers(context => Json(context.Request.Path == $"/api/tickets/{mine.Id}" ? mine : other)(context));

        using var browser = SignedIn();
        (await browser.GetAsync($"/tickets/{mine.Id}/edit")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.GetAsync($"/tickets/{other.Id}/edit")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await browser.ReadAsync($"/tickets/{mine.Id}")).ShouldContain($"/tickets/{mine.Id}/edit");
        (await browser.ReadAsync($"/tickets/{other.Id}")).ShouldNotContain("/edit");
    }

    public static TheoryData<string> OfOthers =>
    [
        $"GET /orders/{Id}", $"GET /orders/{Id}/print", $"GET /orders/{Id}/calendar.ics", $"GET /orders/{Id}?handler=Tickets",
        $"POST /orders/{Id}?handler=Pay", $"POST /orders/{Id}?handler=Cancel", $"POST /orders/{Id}?handler=Again",
        $"GET /tickets/{Id}/edit", $"POST /tickets/{Id}/edit", $"POST /tickets/{Id}/edit?handler=Delete",
        $"GET /checkin/{Id}", $"POST /checkin/{Id}",
    ];

    /// <summary>To a program a service says 401 then; who is signed in would only be asked to sign in once more.</summary>
    [Theory]
    [MemberData(nameof(OfOthers))]
    public async Task What_is_somebody_elses_is_said_to_be_so_and_asks_nobody_to_sign_in(string request)
    {
        var theirs = Problem(401, ("This belongs to another user.", null));
        Site.Orders.Answers(theirs);
        Site.Payments.Answers(theirs);
        Site.Tickets.Answers(context => HttpMethods.IsGet(context.Request.Method) && context.Request.Path == $"/api/tickets/{Id}"
            ? Json(Ticket() with { Id = Id })(context)
            : theirs(context));

        using var browser = SignedIn();
        var path = request.Split(' ')[1];
        var answer = request.StartsWith("GET", StringComparison.Ordinal)
            ? await browser.GetAsync(path)
            : await browser.SubmitAsync(path, await browser.OpenAsync("/account"), ("Form.Title", "Hamlet"), ("Form.Quantity", "1"), ("Form.Code", "x"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("<h1>This is not yours</h1>");
        page.ShouldContain("It belongs to another user.");
        page.ShouldNotContain("/signin");
    }

    [Fact]
    public async Task Nothing_on_a_page_is_inline_so_that_a_strict_policy_can_hold()
    {
        var ticket = Ticket(title: "<script>alert(1)</script>");
        Site.Tickets.Answers(context => context.Request.Path == "/api/tickets" ? Json(new[] { ticket })(context) : Json(ticket)(context));
        Site.Orders.Answers(context => context.Request.Path == "/api/orders" ? Json(new[] { Order() })(context) : Json(Order())(context));

        using var browser = SignedIn();
        string[] paths = ["/", $"/tickets/{ticket.Id}", "/tickets/new", "/orders", $"/orders/{Id}", "/selling", "/nothing", "/offline", "/?sort=soonest"];
        foreach (var path in paths)
        {
            var page = await (await browser.GetAsync(path)).Content.ReadAsStringAsync();
            page.ShouldNotContain("<style");
            page.ShouldNotMatch("<script(?![^>]*src=)");
            page.ShouldNotMatch("<[a-z][^>]*\\s(style|on[a-z]+)=");
            page.ShouldNotContain("alert(1)</script>");
        }
    }
}
