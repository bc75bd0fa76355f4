using System.Text.Json.Nodes;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Xunit;

namespace Ticketing.Tests.Web.Pages;

/// <summary>What somebody holds and has not paid, and what they agreed to pay for it.</summary>
public sealed class HeldTicketsTests(WebSite site) : PagesTests(site)
{
    [Fact]
    public async Task Who_holds_the_last_tickets_is_told_so_on_their_page_with_a_way_to_pay()
    {
        var ticket = Ticket(available: 0);
        var hold = Order() with { Quantity = 1, Ticket = new(ticket.Id, "Hamlet", 35m, 0) };
        Site.Tickets.Answers(Json(ticket));
        Site.Orders.Answers(Json(new[] { hold }));
        Site.Payments.Answers(Json(new { url = "http://127.0.0.1:9/pay/cs_1" }, 201));

        using var browser = SignedIn();
        var page = await browser.ReadAsync($"/tickets/{ticket.Id}");

        page.ShouldContain("You hold one of these until");
        page.ShouldContain($"action=\"/orders/{hold.Id}?handler=Pay\"");
        page.ShouldNotContain("Notify me");
        Site.Tickets.Arrived.ShouldBe([$"GET /api/tickets/{ticket.Id}"]);
        var paying = await browser.SubmitAsync($"/orders/{hold.Id}?handler=Pay", Browser.HiddenIn(page));
        paying.Headers.Location!.ToString().ShouldBe("http://127.0.0.1:9/pay/cs_1");

        Site.Orders.Answers(Json(new[] { hold with { Status = OrderStatus.Cancelled, Reason = CancelReason.Expired } }));
        (await browser.ReadAsync($"/tickets/{ticket.Id}")).ShouldContain("Notify me");
    }

    [Fact]
    public async Task An_open_hold_is_in_the_header_of_every_page_with_its_time_and_a_way_to_pay()
    {
        var (later, sooner) = (Order(), Order(OrderStatus.AwaitingPayment) with { ExpiresAt = Site.Platform.Clock.GetUtcNow().AddSeconds(40) });
        Site.Orders.Answers(Json(new[] { Order(OrderStatus.Complete), later, sooner }));
        Site.Tickets.Answers(Json(Array.Empty<TicketResponse>()));

        using var browser = SignedIn();
        foreach (var path in new[] { "/", "/tickets/new", "/account" })
        {
            Site.Orders.Arrived.Clear();
            var page = await browser.ReadAsync(path);
            page.ShouldContain("Held for you: 2 × Hamlet");
            page.ShouldMatch("data-hold-left>0:(40|3[0-9])<");
            page.ShouldContain($"href=\"/orders/{sooner.Id}\">Pay</a>");
            Site.Orders.Arrived.ShouldBe(["GET /api/orders?status=open"]);
        }
        await browser.PostAsync("/language", new Dictionary<string, string> { ["language"] = "de" });
        (await browser.ReadAsync("/account")).ShouldContain("Für Sie reserviert: 2 × Hamlet");
    }

    [Fact]
    public async Task On_its_own_page_an_order_says_itself_how_long_it_is_held()
    {
        var order = Order();
        Site.Tickets.Answers(Json(Ticket()));
        Site.Orders.Answers(context => context.Request.Path == "/api/orders" ? Json(new[] { order })(context) : Json(order)(context));

        using var browser = SignedIn();
        (await browser.ReadAsync($"/orders/{order.Id}")).ShouldNotContain("data-hold=");
        (await browser.ReadAsync("/account")).ShouldContain("data-hold=");
    }

    [Fact]
    public async Task A_guest_costs_Orders_nothing_and_without_Orders_pages_are_there()
    {
        Site.Orders.Answers(Json(new[] { Order() }));
        Site.Tickets.Answers(Json(new[] { Ticket() }));
        using var guest = Anonymous();
        (await guest.ReadAsync("/")).ShouldNotContain("data-hold=");
        Site.Orders.Arrived.ShouldBeEmpty();

        using var browser = SignedIn();
        Site.Orders.Answers(Problem(503, ("Away.", null)));
        (await browser.ReadAsync("/")).ShouldContain("Hamlet");
        // One that hangs is not waited for.
        Site.Orders.Answers(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        (await browser.ReadAsync("/")).ShouldContain("Hamlet");
        Site.Orders.Answers(Json(Array.Empty<OrderResponse>()));
    }

    [Theory]
    [InlineData("en", "One ticket costs $99.00 now; it was $10.00 when you looked. Nothing is reserved: reserve if you agree.")]
    [InlineData("de", "Ein Ticket kostet jetzt 99,00&#xA0;$, als Sie nachsahen waren es 10,00&#xA0;$.")]
    public async Task A_price_that_changed_since_it_was_seen_is_said_and_nothing_is_reserved(string language, string words)
    {
        var (ticket, order) = (Ticket(price: 10m), Order());
        var bodies = new List<JsonNode>();
        Site.Tickets.Answers(context => Json(ticket)(context));
        Site.Orders.Answers(Keep(bodies, Json(order, 201)));

        using var browser = SignedIn();
        await browser.PostAsync("/language", new Dictionary<string, string> { ["language"] = language });
        var tab = await browser.OpenAsync($"/tickets/{ticket.Id}");
        ticket = ticket with { Price = 99m };
        var page = await (await browser.SubmitAsync($"/tickets/{ticket.Id}", tab, ("Form.Quantity", "2"))).Content.ReadAsStringAsync();

        page.ShouldContain(words);
        page.ShouldContain("value=\"2\"");
        bodies.ShouldBeEmpty();

        // Who agrees to what the page shows now reserves at that price.
        (await browser.SubmitAsync($"/tickets/{ticket.Id}", Browser.HiddenIn(page), ("Form.Quantity", "2"))).Headers.Location!.ToString().ShouldBe($"/orders/{order.Id}");
        bodies.ShouldHaveSingleItem()["expectedPrice"]!.GetValue<decimal>().ShouldBe(99m);
    }

    [Fact]
    public async Task Another_currency_is_another_price()
    {
        var ticket = Ticket(price: 10m);
        Site.Tickets.Answers(context => Json(ticket)(context));
        Site.Orders.Answers(Json(Order(), 201));

        using var browser = SignedIn();
        var tab = await browser.OpenAsync($"/tickets/{ticket.Id}");
        ticket = ticket with { Currency = "gbp" };

        (await (await browser.SubmitAsync($"/tickets/{ticket.Id}", tab, ("Form.Quantity", "2"))).Content.ReadAsStringAsync())
            .ShouldContain("One ticket costs £10.00 now; it was $10.00 when you looked.");
    }

    [Fact]
    public async Task With_Tickets_away_Orders_alone_compares_the_price()
    {
        var ticket = Ticket(price: 10m);
        var bodies = new List<JsonNode>();
        Site.Tickets.Answers(Json(ticket));
        Site.Orders.Answers(Keep(bodies, Json(Order(), 201)));

        using var browser = SignedIn();
        var tab = await browser.OpenAsync($"/tickets/{ticket.Id}");
        Site.Tickets.Answers(503);
        await browser.SubmitAsync($"/tickets/{ticket.Id}", tab, ("Form.Quantity", "2"));

        bodies.ShouldHaveSingleItem()["expectedPrice"]!.GetValue<decimal>().ShouldBe(10m);
    }

    /// <summary>The order's page shows the price of then.</summary>
    [Fact]
    public async Task Reserve_again_at_another_price_leads_to_the_tickets_and_says_so()
    {
        var (order, ticket) = (Order(OrderStatus.Cancelled, CancelReason.Expired), Ticket(price: 99m));
        Site.Orders.Answers(context => context.Request.Path == "/api/orders" ? Json(Array.Empty<OrderResponse>())(context) : Json(order)(context));
        Site.Tickets.Answers(Json(ticket with { Id = order.Ticket.Id }));
        Site.Payments.Answers(Problem(404, ("Payment not found.", null)));

        using var browser = SignedIn();
        var answer = await browser.SubmitAsync($"/orders/{order.Id}?handler=Again");

        var tickets = answer.Headers.Location!.ToString();
        tickets.ShouldBe($"/tickets/{order.Ticket.Id}?quantity=2", StringCompareShould.IgnoreCase);
        (await browser.ReadAsync(tickets)).ShouldContain("One ticket costs $99.00 now; it was $35.00 when you looked.");
        Site.Orders.Arrived.ShouldAllBe(request => request.StartsWith("GET ", StringComparison.Ordinal));
    }
}
