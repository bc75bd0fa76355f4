using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Xunit;

namespace Ticketing.Tests.Web.Pages;

/// <summary>
/// An order's page says nothing of the money of an order that ended unpaid until Payments is certain of it: whoever reserves
/// again before that may pay twice.
/// </summary>
public sealed class OrderMoneyTests(WebSite site) : PagesTests(site)
{
    private static readonly DateTimeOffset Held = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(CancelReason.Expired, PaymentStatus.Pending, false, false)]
    [InlineData(CancelReason.Expired, PaymentStatus.RequiresAction, false, false)]
    [InlineData(CancelReason.Expired, PaymentStatus.Authorized, false, true)]
    [InlineData(CancelReason.Expired, PaymentStatus.Captured, true, true)]
    [InlineData(CancelReason.Buyer, PaymentStatus.Authorized, false, true)]
    [InlineData(CancelReason.PaymentFailed, PaymentStatus.Authorized, false, true)]
    public async Task While_money_may_still_move_the_payment_is_being_checked_and_nothing_can_be_reserved_again(
        string reason, string status, bool final, bool held)
    {
        var order = Ended(reason, status, final, held);
        using var browser = SignedIn();

        var page = await browser.ReadAsync($"/orders/{order.Id}");

        page.ShouldContain("data-state=\"checking\"");
        page.ShouldContain("data-verdict>We are checking your payment</p>");
        page.ShouldContain($"url=/orders/{order.Id}\"", customMessage: "without a script it asks again by itself");
        Hidden(page, "expired late cancelled failed").ShouldBeTrue("nobody is asked to reserve again");
        Hidden(page, "expired").ShouldBeTrue("and nothing is said of the money");
        Hidden(page, "cancelled").ShouldBeTrue();
        Hidden(page, "checking").ShouldBeFalse();
        (await LookAsync(browser, order)).ShouldBe("checking");
    }

    [Theory]
    [InlineData(CancelReason.Expired, PaymentStatus.Released, false, "expired")]
    [InlineData(CancelReason.Expired, PaymentStatus.Pending, false, "expired")]
    [InlineData(CancelReason.Expired, PaymentStatus.Released, true, "late")]
    [InlineData(CancelReason.Buyer, PaymentStatus.Released, true, "cancelled")]
    [InlineData(CancelReason.PaymentFailed, PaymentStatus.Failed, true, "failed")]
    public async Task Once_no_money_can_move_any_more_the_end_is_said_and_the_tickets_can_be_reserved_again(
        string reason, string status, bool held, string state)
    {
        var order = Ended(reason, status, final: true, held);
        using var browser = SignedIn();

        var page = await browser.ReadAsync($"/orders/{order.Id}");

        page.ShouldContain($"data-state=\"{state}\"");
        page.ShouldNotContain("http-equiv=\"refresh\"");
        Hidden(page, "expired late cancelled failed").ShouldBeFalse();
        Hidden(page, state).ShouldBeFalse();
        Hidden(page, "checking").ShouldBeTrue();
        (await LookAsync(browser, order)).ShouldBe(state);
    }

    [Fact]
    public async Task A_payment_that_came_when_the_tickets_were_gone_is_told_so_in_both_languages()
    {
        var order = Ended(CancelReason.Expired, PaymentStatus.Released, final: true, held: true);
        using var browser = SignedIn();
        (await browser.ReadAsync($"/orders/{order.Id}")).ShouldContain(
            "Too late: the tickets were gone when your payment came. No money was taken; your bank may show it as reserved for some days.");
        await browser.PostAsync("/language", new Dictionary<string, string> { ["language"] = "de", ["back"] = "/" });

        (await browser.ReadAsync($"/orders/{order.Id}")).ShouldContain(
            "Zu spät: Als Ihre Zahlung kam, waren die Tickets schon weg. Es wurde kein Geld genommen;");
        Ended(CancelReason.Expired, PaymentStatus.Authorized, final: false, held: true, order.Id);
        (await browser.ReadAsync($"/orders/{order.Id}")).ShouldContain("data-verdict>Wir prüfen Ihre Zahlung</p>");
    }

    [Theory]
    [InlineData(503)]
    [InlineData(401)]
    public async Task When_Payments_does_not_say_it_is_not_certain(int status)
    {
        var order = Ended(CancelReason.Expired, PaymentStatus.Released, final: true, held: false);
        Site.Payments.Answers(Problem(status, ("Away.", null)));
        using var browser = SignedIn();

        (await browser.ReadAsync($"/orders/{order.Id}")).ShouldContain("data-state=\"checking\"");
        (await LookAsync(browser, order)).ShouldBe("checking");
    }

    /// <summary>From a page that was made before, or by a program.</summary>
    [Fact]
    public async Task Reserve_again_of_an_order_that_may_still_be_paid_leads_back_to_it_and_places_nothing()
    {
        var order = Ended(CancelReason.Expired, PaymentStatus.Authorized, final: false, held: true);
        using var browser = SignedIn();

        var answer = await browser.SubmitAsync($"/orders/{order.Id}?handler=Again");

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().ShouldBe($"/orders/{order.Id}");
        Site.Orders.Arrived.ShouldAllBe(request => request.StartsWith("GET "));
    }

    private OrderResponse Ended(string reason, string status, bool final, bool held, Guid? id = null)
    {
        var order = Order(OrderStatus.Cancelled, reason);
        order = order with { Id = id ?? order.Id };
        Site.Orders.Answers(Json(order));
        Site.Tickets.Answers(Json(Ticket()));
        Site.Payments.Answers(Json(new PaymentResponse(
            Guid.CreateVersion7(), order.Id, status, 70m, "usd", Final: final, AuthorizedAt: held ? Held : null)));
        return order;
    }

    private static async Task<string> LookAsync(Browser browser, OrderResponse order) =>
        JsonNode.Parse(await browser.ReadAsync($"/live/orders/{order.Id}"))!["state"]!.ToString();

    /// <summary>Whether the part of the page that is for these states is hidden.</summary>
    private static bool Hidden(string page, string states)
    {
        var part = page.IndexOf($"data-when=\"{states}\"", StringComparison.Ordinal);
        part.ShouldBeGreaterThan(0, states);
        return page[part..page.IndexOf('>', part)].Contains("hidden", StringComparison.Ordinal);
    }
}
