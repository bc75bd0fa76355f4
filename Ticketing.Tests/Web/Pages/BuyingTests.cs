using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Xunit;

namespace Ticketing.Tests.Web.Pages;

public sealed class BuyingTests(WebSite site) : PagesTests(site)
{
    [Fact]
    public async Task Reserving_places_an_order_and_shows_it()
    {
        var (ticket, order) = (Ticket(), Order());
        var bodies = new List<JsonNode>();
        Site.Tickets.Answers(Json(ticket));
        Site.Orders.Answers(Keep(bodies, Json(order, 201)));

        using var browser = SignedIn();
        var answer = await browser.SubmitAsync($"/tickets/{ticket.Id}", ("Form.Quantity", "2"));

        answer.Headers.Location!.ToString().ShouldBe($"/orders/{order.Id}");
        bodies.ShouldHaveSingleItem().ToJsonString().ShouldBe($$"""{"ticketId":"{{ticket.Id}}","quantity":2,"expectedPrice":35.00}""");
    }

    [Fact]
    public async Task A_double_click_is_one_order()
    {
        var ticket = Ticket();
        var keys = new List<string?>();
        Site.Tickets.Answers(Json(ticket));
        Site.Orders.Answers(context =>
        {
            if (!HttpMethods.IsPost(context.Request.Method))
                return Json(Array.Empty<object>())(context);
            keys.Add(context.Request.Headers["Idempotency-Key"]);
            return Json(Order(), 201)(context);
        });

        using var browser = SignedIn();
        var key = ("Key", Guid.CreateVersion7().ToString());
        await browser.SubmitAsync($"/tickets/{ticket.Id}", ("Form.Quantity", "1"), key);
        await browser.SubmitAsync($"/tickets/{ticket.Id}", ("Form.Quantity", "1"), key);
        await browser.SubmitAsync($"/tickets/{ticket.Id}", ("Form.Quantity", "1"));

        keys.Count.ShouldBe(3);
        keys[1].ShouldBe(keys[0]);
        keys[2].ShouldNotBeNullOrEmpty();
        keys[2].ShouldNotBe(keys[0], "each page has a key of its own");
    }

    [Fact]
    public async Task A_refused_reservation_says_why_and_its_page_has_a_new_key()
    {
        var ticket = Ticket();
        Site.Tickets.Answers(Json(ticket));
        Site.Orders.Answers(Problem(400, ("Not enough tickets are left.", null)));

        using var browser = SignedIn();
        var key = Guid.CreateVersion7().ToString();
        var page = await browser.ReadAnswerAsync($"/tickets/{ticket.Id}", ("Form.Quantity", "4"), ("Key", key));

        page.ShouldContain("Not enough tickets are left.");
        page.ShouldContain("value=\"4\"");
        page.ShouldNotContain(key);
    }

    [Theory]
    [InlineData("en", "Many people are ordering right now. We are trying again for you: please stay on this page.")]
    [InlineData("de", "Gerade bestellen sehr viele. Wir versuchen es für Sie noch einmal: Bitte bleiben Sie auf dieser Seite.")]
    public async Task Too_many_who_order_are_an_answer_with_the_form_as_it_was_which_goes_again_by_itself(string language, string words)
    {
        var ticket = Ticket();
        var keys = new List<string?>();
        Site.Tickets.Answers(Json(ticket));
        Site.Orders.Answers(BusyFor(keys));

        using var browser = SignedIn();
        await browser.PostAsync("/language", new Dictionary<string, string> { ["language"] = language });
        var key = Guid.CreateVersion7().ToString();
        using var answer = await browser.SubmitAsync($"/tickets/{ticket.Id}", ("Form.Quantity", "4"), ("Key", key));
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        page.ShouldContain("data-retry=\"1\"");
        page.ShouldContain(words);
        page.ShouldContain("value=\"4\"");
        page.ShouldContain($"name=\"Key\" value=\"{key}\"");
        page.ShouldContain("name=\"Tries\" value=\"1\"");
        keys.ShouldBe([key]);
    }

    [Fact]
    public async Task A_price_that_changes_while_the_form_goes_again_by_itself_is_not_agreed_to()
    {
        var ticket = Ticket();
        Site.Tickets.Answers(Json(ticket));
        Site.Orders.Answers(context =>
        {
            // In the very moment between the comparison and the next page.
            if (HttpMethods.IsPost(context.Request.Method))
                Site.Tickets.Answers(Json(ticket with { Price = 99 }));
            return BusyFor([])(context);
        });

        using var browser = SignedIn();
        var page = await browser.ReadAnswerAsync($"/tickets/{ticket.Id}", ("Form.Quantity", "1"), ("Price", "35.00 usd"));

        page.ShouldContain("99.00");
        page.ShouldContain("name=\"Price\" value=\"35.00 usd\"");
    }

    [Fact]
    public async Task The_form_does_not_go_again_for_ever()
    {
        var ticket = Ticket();
        Site.Tickets.Answers(Json(ticket));
        Site.Orders.Answers(BusyFor([]));

        using var browser = SignedIn();
        var page = await browser.ReadAnswerAsync($"/tickets/{ticket.Id}", ("Form.Quantity", "1"), ("Tries", "25"));

        page.ShouldNotContain("data-retry");
        page.ShouldContain("Too many people are ordering right now. Nothing is reserved. Please try again in a few minutes.");
    }

    /// <summary>Orders with no room for one more, as it answers.</summary>
    private static RequestDelegate BusyFor(List<string?> keys) => context =>
    {
        if (!HttpMethods.IsPost(context.Request.Method))
            return Json(Array.Empty<object>())(context);
        keys.Add(context.Request.Headers["Idempotency-Key"]);
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/problem+json";
        context.Response.Headers.RetryAfter = "1";
        return context.Response.WriteAsync("""{"status":503,"reason":"busy","errors":[{"message":"Too many are ordering at the moment."}]}""");
    };

    [Theory]
    [InlineData("signin", "en", "3 chosen, as before. Reserve to hold them.")]
    [InlineData("signup", "de", "3 ausgewählt, wie zuvor. Reservieren Sie, damit sie Ihnen gehören.")]
    public async Task What_a_visitor_chose_is_still_chosen_after_signing_in_or_up(string way, string language, string words)
    {
        var (ticket, order) = (Ticket(), Order());
        var bodies = new List<JsonNode>();
        Site.Tickets.Answers(Json(ticket));
        Site.Auth.Answers(Json(new UserResponse(UserId, "a@b.example")));
        Site.Orders.Answers(Keep(bodies, Json(order, 201)));

        using var browser = Anonymous();
        await browser.PostAsync("/language", new Dictionary<string, string> { ["language"] = language });
        var entry = (await browser.SubmitAsync($"/tickets/{ticket.Id}", ("Form.Quantity", "3"))).Headers.Location!.ToString();
        entry.ShouldBe($"/signin?returnUrl=%2Ftickets%2F{ticket.Id}%3Fquantity%3D3", StringCompareShould.IgnoreCase);
        var back = (await browser.SubmitAsync(entry.Replace("signin", way, StringComparison.Ordinal), ("Form.Email", "a@b.example"), ("Form.Password", "correct horse"))).Headers.Location!.ToString();
        browser.SignIn(Session);
        (await browser.ReadAsync(back)).ShouldContain(words);
        (await browser.ReadAsync(back)).ShouldContain("value=\"3\"");

        (await browser.SubmitAsync(back, ("Form.Quantity", "3"))).Headers.Location!.ToString().ShouldBe($"/orders/{order.Id}");
        bodies.ShouldHaveSingleItem()["quantity"]!.GetValue<int>().ShouldBe(3);
    }

    [Theory]
    [InlineData("xx")]
    [InlineData("-1")]
    [InlineData("300")]
    public async Task What_nobody_can_choose_is_not_said_to_be_chosen(string quantity)
    {
        var ticket = Ticket();
        Site.Tickets.Answers(Json(ticket));

        using var browser = Anonymous();
        (await browser.ReadAsync($"/tickets/{ticket.Id}?quantity={quantity}")).ShouldNotContain("as before");
    }

    [Fact]
    public async Task A_search_is_still_there_after_signing_in()
    {
        Site.Tickets.Answers(Json(new[] { Ticket() }));
        using var browser = Anonymous();
        (await browser.ReadAsync("/?q=ham&sort=soonest")).ShouldContain("href=\"/signin?returnUrl=%2F%3Fq%3Dham%26sort%3Dsoonest\"");
        (await browser.ReadAsync("/")).ShouldContain("href=\"/signin\"");
    }

    [Fact]
    public async Task Pay_goes_to_the_payment_page()
    {
        var order = Order();
        Site.Orders.Answers(Json(order));
        Site.Payments.Answers(Json(new { url = "http://127.0.0.1:9/pay/cs_1" }, 201));

        using var browser = SignedIn();
        var answer = await browser.SubmitAsync($"/orders/{order.Id}?handler=Pay");

        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        answer.Headers.Location!.ToString().ShouldBe("http://127.0.0.1:9/pay/cs_1");
        Site.Payments.Arrived.Last().ShouldBe("POST /api/payments/checkout");
    }

    [Fact]
    public async Task A_payment_that_cannot_begin_says_why()
    {
        var order = Order();
        Site.Orders.Answers(Json(order));
        Site.Payments.Answers(Problem(400, ("The order is cancelled.", null)));

        using var browser = SignedIn();
        (await browser.ReadAnswerAsync($"/orders/{order.Id}?handler=Pay")).ShouldContain("The order is cancelled.");
    }

    [Fact]
    public async Task Cancel_order_gives_the_tickets_back()
    {
        var order = Order();
        Site.Orders.Answers(context =>
        {
            context.Response.StatusCode = 204;
            return context.Request.Method == "DELETE" ? Task.CompletedTask : Json(order)(context);
        });

        using var browser = SignedIn();
        var answer = await browser.SubmitAsync($"/orders/{order.Id}?handler=Cancel");

        answer.Headers.Location!.ToString().ShouldBe($"/orders/{order.Id}");
        Site.Orders.Arrived.ShouldContain($"DELETE /api/orders/{order.Id}");
    }

    [Theory]
    [InlineData(OrderStatus.Created, null, "reserved", "")]
    [InlineData(OrderStatus.AwaitingPayment, null, "paying", "")]
    [InlineData(OrderStatus.Complete, null, "paid", "Paid")]
    [InlineData(OrderStatus.Cancelled, CancelReason.Expired, "expired", "Expired")]
    [InlineData(OrderStatus.Cancelled, CancelReason.Buyer, "cancelled", "Cancelled")]
    [InlineData(OrderStatus.Cancelled, CancelReason.PaymentFailed, "failed", "Payment failed")]
    public async Task An_order_shows_its_state_without_a_script_too(string status, string? reason, string state, string verdict)
    {
        var order = Order(status, reason);
        Site.Orders.Answers(Json(order));
        Site.Payments.Answers(Problem(404, ("Payment not found.", null)));
        Site.Tickets.Answers(context => context.Request.Path == $"/api/tickets/admissions/{order.Id}"
            ? Json<AdmissionResponse[]>([])(context)
            : Problem(404, ("Ticket not found.", null))(context));

        using var browser = SignedIn();
        var page = await browser.ReadAsync($"/orders/{order.Id}");

        page.ShouldContain("$70.00");
        page.ShouldContain($"data-state=\"{state}\"");
        page.ShouldContain($"data-verdict>{verdict}</p>");
        page.Contains("http-equiv=\"refresh\"", StringComparison.Ordinal).ShouldBe(verdict.Length == 0);
        if (verdict.Length == 0)
            page.ShouldMatch("role=\"timer\"[^>]*>(1:00|0:5[0-9])<");
    }

    [Fact]
    public async Task My_orders_are_a_table_with_their_states()
    {
        Site.Orders.Answers(Json<OrderResponse[]>([Order(OrderStatus.Complete), Order(OrderStatus.Cancelled, CancelReason.Expired)]));

        using var browser = SignedIn();
        var page = await browser.ReadAsync("/orders");

        page.ShouldContain("<span class=\"badge good\">Paid</span>");
        page.ShouldContain("<span class=\"badge \">Expired</span>");
    }
}
