using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Xunit;

namespace Ticketing.Tests.Web.Pages;

/// <summary>An order's page: how its payment stands, and what a paid one gives.</summary>
public sealed class OrderPageTests(WebSite site) : PagesTests(site)
{
    private static readonly string Token = new('x', 225);

    private static readonly AdmissionResponse[] Admissions =
    [
        new(1, 2, "7K3M-X9QH-2RTV", $"1{Token}"[..225], null),
        new(2, 2, "ABCD-EFGH-JKMN", $"2{Token}"[..225], DateTimeOffset.UnixEpoch.AddYears(56)),
    ];

    private TicketResponse Listing { get; } =
        Ticket() with { StartsAt = new DateTimeOffset(2040, 1, 1, 20, 0, 0, TimeSpan.Zero), Title = "Hamlet, Prince" };

    [Fact]
    public async Task A_paid_order_shows_a_qr_code_for_each_ticket_on_the_screen_and_on_paper()
    {
        var order = Paid();
        using var browser = SignedIn();

        foreach (var path in new[] { $"/orders/{order.Id}", $"/orders/{order.Id}/print", $"/orders/{order.Id}?handler=Tickets" })
        {
            var page = await browser.ReadAsync(path);
            QrReader.ReadAll(page).ShouldBe(Admissions.Select(admission => admission.Token), path);
            page.ShouldContain("aria-label=\"QR code of ticket 2 of 2\"");
            page.ShouldContain("7K3M-X9QH-2RTV");
            page.ShouldContain("2 of 2");
            page.ShouldContain("Globe");
            page.ShouldContain("2040-01-01T20:00:00Z");
            Regex.Count(page, "class=\"badge warm\">Used").ShouldBe(1);
        }
    }

    [Fact]
    public async Task Tickets_that_are_not_there_yet_come_by_themselves()
    {
        var order = Paid();
        Site.Tickets.Answers(context => context.Request.Path == $"/api/tickets/admissions/{order.Id}"
            ? Problem(400, ("This order is not paid yet; its tickets come when it is.", null))(context)
            : Json(Listing)(context));

        using var browser = SignedIn();
        var page = await browser.ReadAsync($"/orders/{order.Id}");

        page.ShouldContain("Your tickets are being made.");
        page.ShouldContain("http-equiv=\"refresh\"");
        (await browser.GetAsync($"/orders/{order.Id}?handler=Tickets")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await browser.GetAsync($"/orders/{order.Id}/print")).Headers.Location!.ToString().ShouldBe($"/orders/{order.Id}");
    }

    [Fact]
    public async Task Without_tickets_the_rest_of_an_orders_page_is_there()
    {
        var order = Order();
        Site.Orders.Answers(Json(order));
        Site.Tickets.Answers(Problem(503, ("Away.", null)));
        Site.Payments.Answers(Problem(503, ("Away.", null)));

        using var browser = SignedIn();
        (await browser.ReadAsync($"/orders/{order.Id}")).ShouldContain("role=\"timer\"");
    }

    [Fact]
    public async Task A_paid_orders_event_goes_into_a_calendar()
    {
        var order = Paid();
        using var browser = SignedIn();

        var answer = await browser.GetAsync($"/orders/{order.Id}/calendar.ics");

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/calendar");
        var file = await answer.Content.ReadAsStringAsync();
        file.ShouldContain($"\r\nUID:{order.Id}\r\n");
        file.ShouldContain("\r\nDTSTART:20400101T200000Z\r\n");
        file.ShouldContain("\r\nSUMMARY:Hamlet\\, Prince\r\n");
        file.ShouldContain($"\r\nURL:http://localhost:8080/orders/{order.Id}\r\n");
        using var asked = new HttpRequestMessage(HttpMethod.Get, $"/orders/{order.Id}/calendar.ics");
        asked.Headers.Host = "evil.example";
        using var client = Site.Web.As(UserId);
        (await (await client.SendAsync(asked)).EnsureSuccessStatusCode().Content.ReadAsStringAsync()).ShouldNotContain("evil.example");
        Site.Tickets.Answers(Json(Listing with { StartsAt = null }));
        (await browser.GetAsync($"/orders/{order.Id}/calendar.ics")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_buyer_keeps_date_venue_and_calendar_of_a_listing_that_was_withdrawn()
    {
        var order = Paid();
        Site.Tickets.Answers(context => context.Request.Path.Value switch
        {
            var path when path == $"/api/tickets/admissions/{order.Id}" => Json(Admissions)(context),
            var path when path == $"/api/tickets/admissions/{order.Id}/ticket" => Json(Listing with { Withdrawn = true })(context),
            _ => Problem(404, ("Ticket not found.", null))(context),
        });
        using var browser = SignedIn();

        foreach (var path in new[] { $"/orders/{order.Id}", $"/orders/{order.Id}/print", $"/orders/{order.Id}?handler=Tickets" })
        {
            var page = await browser.ReadAsync(path);
            page.ShouldContain("Globe", Case.Sensitive, path);
            page.ShouldContain("2040-01-01T20:00:00Z", Case.Sensitive, path);
        }
        (await browser.ReadAsync($"/orders/{order.Id}/calendar.ics")).ShouldContain("\r\nDTSTART:20400101T200000Z\r\n");
    }

    [Fact]
    public async Task Who_comes_back_from_paying_sees_the_paid_order_as_soon_as_it_is_one()
    {
        var (open, paid) = (Order(OrderStatus.AwaitingPayment), Paid());
        var asked = 0;
        Site.Orders.Answers(context => Json(++asked < 4 ? open with { Id = paid.Id } : paid)(context));

        using var browser = SignedIn();
        var answer = await browser.GetAsync($"/orders/{paid.Id}?checkout=done");

        answer.Headers.Location!.ToString().ShouldBe($"/orders/{paid.Id}");
        asked.ShouldBe(4);
    }

    [Fact]
    public async Task While_a_payment_is_being_confirmed_it_cannot_be_paid_again()
    {
        var order = Order(OrderStatus.AwaitingPayment);
        Site.Orders.Answers(Json(order));
        Site.Tickets.Answers(Json(Listing));
        Site.Payments.Answers(Json(new PaymentResponse(Guid.CreateVersion7(), order.Id, PaymentStatus.Authorized, 70m, "usd")));

        using var browser = SignedIn();
        foreach (var path in new[] { $"/orders/{order.Id}", $"/orders/{order.Id}?checkout=done" })
        {
            var page = await browser.ReadAsync(path);
            page.ShouldContain("data-state=\"confirming\"");
            page.ShouldMatch("<div class=\"open\"[^>]* hidden=\"hidden\"");
            page.ShouldContain($"url=/orders/{order.Id}\"");
        }
    }

    [Fact]
    public async Task A_refused_card_and_a_bank_that_asks_are_said_to_who_comes_back()
    {
        var order = Order(OrderStatus.AwaitingPayment);
        Site.Orders.Answers(Json(order));
        Site.Tickets.Answers(Json(Listing));
        var payment = new PaymentResponse(Guid.CreateVersion7(), order.Id, PaymentStatus.Pending, 70m, "usd", "https://pay.test/c", "Your card was declined.");
        Site.Payments.Answers(Json(payment));

        using var browser = SignedIn();
        var declined = await browser.ReadAsync($"/orders/{order.Id}");
        declined.ShouldContain("data-state=\"paying\"");
        declined.ShouldContain("data-notice-words>Your card was declined.</p>");
        declined.ShouldNotMatch("role=\"alert\"[^>]* hidden");
        (JsonNode.Parse(await browser.ReadAsync($"/live/orders/{order.Id}")))!["notice"]!.ToString().ShouldBe("Your card was declined.");

        Site.Payments.Answers(Json(payment with { Status = PaymentStatus.RequiresAction, Url = "https://bank.test/3ds?a=1", Failure = null }));
        var asking = await browser.ReadAsync($"/orders/{order.Id}");
        asking.ShouldContain("data-state=\"action\"");
        asking.ShouldContain("href=\"https://bank.test/3ds?a=1\"");
        asking.ShouldMatch("role=\"alert\"[^>]* hidden");
    }

    [Fact]
    public async Task What_came_to_nothing_is_reserved_again_with_one_click()
    {
        var (order, next) = (Order(OrderStatus.Cancelled, CancelReason.Expired), Order());
        var bodies = new List<JsonNode>();
        Site.Orders.Answers(Keep(bodies, context => Json(HttpMethods.IsPost(context.Request.Method) ? next : order)(context)));
        Site.Payments.Answers(Problem(404, ("Payment not found.", null)));
        Site.Tickets.Answers(Json(Listing));

        using var browser = SignedIn();
        var answer = await browser.SubmitAsync($"/orders/{order.Id}?handler=Again");

        answer.Headers.Location!.ToString().ShouldBe($"/orders/{next.Id}");
        bodies.ShouldHaveSingleItem().ToJsonString().ShouldBe($$"""{"ticketId":"{{order.Ticket.Id}}","quantity":2,"expectedPrice":35}""");
    }

    private OrderResponse Paid()
    {
        var order = Order(OrderStatus.Complete);
        Site.Orders.Answers(Json(order));
        Site.Tickets.Answers(context => context.Request.Path == $"/api/tickets/admissions/{order.Id}"
            ? Json(Admissions)(context)
            : Json(Listing)(context));
        return order;
    }
}
