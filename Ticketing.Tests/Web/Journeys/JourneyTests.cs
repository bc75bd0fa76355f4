using System.Text.RegularExpressions;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tests.Tickets;
using Ticketing.Tests.Web.Pages;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.Tests.Web.Journeys;

[Collection(typeof(JourneyCollection))]
public sealed class JourneyTests(RunningPlatform platform)
{
    private const string GoodCard = "4242 4242 4242 4242";
    private const string ChallengedCard = "4000 0025 0000 3155";
    private const string DeclinedCard = "4000 0000 0000 0002";

    [Fact]
    public async Task Bought()
    {
        await using var seller = await platform.VisitAsync();
        await seller.SignUpAsync();
        var title = $"Concert {Guid.NewGuid():N}";
        var ticket = await seller.ListAsync(title, "19.99", 3);
        await Expect(seller.Page.GetByRole(AriaRole.Link, new() { Name = "Edit" })).ToBeVisibleAsync();
        await using var watcher = await platform.VisitAsync();
        await watcher.Page.GotoAsync(ticket);
        await watcher.SeesAsync("3 tickets left");
        await watcher.MarkAsync();

        await using var buyer = await platform.VisitAsync();
        await buyer.SignUpAsync();
        await buyer.Page.GotoAsync("/");
        await buyer.Page.GetByLabel("Search").FillAsync(title);
        await buyer.Page.GetByLabel("Search").PressAsync("Enter");
        await buyer.Page.GetByRole(AriaRole.Link, new() { Name = title }).ClickAsync();
        await Expect(buyer.Page.GetByText("$19.99")).ToBeVisibleAsync();
        var order = await buyer.ReserveAsync(new Uri(buyer.Page.Url).AbsolutePath, 2);

        await Expect(buyer.Page.GetByText("$39.98")).ToBeVisibleAsync();
        await Expect(buyer.Timer).ToBeVisibleAsync();
        await watcher.SeesAsync("1 ticket left");
        await buyer.PressAsync("Pay");
        await buyer.EnterCardAsync(GoodCard);
        await Expect(buyer.Page).ToHaveURLAsync(new Regex(Regex.Escape(order)), new() { Timeout = 30_000 });
        await buyer.SeesAsync("Paid");
        await Expect(buyer.Timer).ToBeHiddenAsync();

        await watcher.IsStillTheSamePageAsync();
        await buyer.Page.GetByRole(AriaRole.Link, new() { Name = "My orders" }).First.ClickAsync();
        await Expect(buyer.Page.GetByRole(AriaRole.Row, new() { Name = title })).ToContainTextAsync("Paid");
    }

    /// <summary>From the hosted page to the door: what the codes on the page say is good, once, and nothing else is.</summary>
    [Fact]
    public async Task Let_in()
    {
        await using var seller = await platform.VisitAsync();
        await seller.SignUpAsync();
        var listed = await seller.Context.APIRequest.PostAsync("/api/tickets", new()
        {
            DataObject = new { title = $"Hamlet {Guid.NewGuid():N}", price = 35, quantity = 5, venue = "Globe", startsAt = "2040-01-01T20:00:00Z" },
        });
        var id = (await listed.JsonAsync())!.Value.GetProperty("id").GetGuid();
        await using var buyer = await platform.VisitAsync();
        await buyer.SignUpAsync();
        var order = await buyer.ReserveAsync($"/tickets/{id}", 2);
        await buyer.PressAsync("Pay");
        await buyer.EnterCardAsync(GoodCard);

        await buyer.SeesAsync("Paid");
        await Expect(buyer.Page.GetByRole(AriaRole.Button, new() { Name = "Pay", Exact = true })).ToBeHiddenAsync();
        await Expect(buyer.Page.GetByRole(AriaRole.Img, new() { Name = "QR code of ticket" })).ToHaveCountAsync(2);
        var tokens = QrReader.ReadAll(await buyer.Page.ContentAsync());
        var keys = await (await seller.Context.APIRequest.GetAsync("/api/tickets/admissions/jwks.json")).TextAsync();
        var door = new OfflineDoor(JsonNode.Parse(keys)!);
        tokens.Select(token => (door.Read(token)!.Value.TicketId, door.Read(token)!.Value.Number)).ShouldBe([(id, 1), (id, 2)]);
        var calendar = await buyer.Context.APIRequest.GetAsync($"{order}/calendar.ics");
        (await calendar.TextAsync()).ShouldContain("DTSTART:20400101T200000Z");
        await buyer.Page.GetByRole(AriaRole.Link, new() { Name = "Print tickets" }).ClickAsync();
        await buyer.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(buyer.Page.GetByRole(AriaRole.Img, new() { Name = "QR code of ticket 2 of 2" })).ToBeVisibleAsync();
        await Expect(buyer.Page.GetByRole(AriaRole.Navigation)).ToHaveCountAsync(0);

        await seller.Page.GotoAsync($"/checkin/{id}");
        await seller.MarkAsync();
        await ScanAsync(tokens[0], "Valid", "1 of 2");
        await ScanAsync(tokens[0], "Already used at", "1 of 2");
        await ScanAsync(tokens[1][..^1] + (tokens[1][^1] == 'A' ? 'Q' : 'A'), "forged", "1 of 2");
        await ScanAsync(door.Read(tokens[1])!.Value.Code.ToLowerInvariant(), "Valid", "2 of 2");
        await seller.IsStillTheSamePageAsync();
        (await buyer.Page.GotoAsync($"/checkin/{id}"))!.Status.ShouldBe(403);

        async Task ScanAsync(string code, string said, string count)
        {
            await seller.Page.GetByLabel("Ticket code").FillAsync(code);
            await seller.Page.GetByLabel("Ticket code").PressAsync("Enter");
            await Expect(seller.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = said })).ToBeVisibleAsync();
            await Expect(seller.Page.GetByRole(AriaRole.Region, new() { Name = "Who is in" })).ToContainTextAsync(count);
            await Expect(seller.Page.GetByLabel("Ticket code")).ToHaveValueAsync("");
        }
    }

    [Fact]
    public async Task Expired()
    {
        await using var seller = await platform.VisitAsync();
        await seller.SignUpAsync();
        var ticket = await seller.ListAsync($"Concert {Guid.NewGuid():N}", "5", 1);
        await using var buyer = await platform.VisitAsync();
        await buyer.SignUpAsync();
        await buyer.ReserveAsync(ticket, 1);
        var end = await EndOfHoldAsync(buyer);
        await buyer.MarkAsync();
        await seller.Page.GotoAsync(ticket);
        await seller.SeesAsync("None left right now");

        await buyer.SeesAsync("Expired");

        // Not before the hold's end; the countdown that was read rounds up to a whole second.
        end.Elapsed.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(-1));
        await buyer.IsStillTheSamePageAsync();
        await Expect(buyer.Page.GetByRole(AriaRole.Button, new() { Name = "Pay" })).ToBeHiddenAsync();
        await seller.SeesAsync("1 ticket left");
        await buyer.Page.GetByRole(AriaRole.Link, new() { Name = "Try once more" }).ClickAsync();
        await buyer.ReserveAsync(ticket, 1);
    }

    [Fact]
    public async Task A_declined_card_leaves_the_order_for_another_whose_bank_asks()
    {
        await using var buyer = await platform.VisitAsync();
        await buyer.SignUpAsync();
        var order = await buyer.ReserveAsync(await buyer.ListAsync($"Concert {Guid.NewGuid():N}", "12.50", 1), 1);

        await buyer.PressAsync("Pay");
        await buyer.EnterCardAsync(DeclinedCard);
        await buyer.SeesAsync("Your card was declined.");
        await buyer.EnterCardAsync(ChallengedCard);
        await buyer.PressAsync("Complete");

        await Expect(buyer.Page).ToHaveURLAsync(new Regex(Regex.Escape(order)), new() { Timeout = 30_000 });
        await buyer.SeesAsync("Paid");
    }

    [Fact]
    public async Task Without_a_socket_the_page_asks_for_itself()
    {
        await using var buyer = await platform.VisitAsync(sockets: false);
        await buyer.SignUpAsync();
        var order = await buyer.ReserveAsync(await buyer.ListAsync($"Concert {Guid.NewGuid():N}", "12.50", 1), 1);
        await buyer.MarkAsync();

        var paid = await buyer.Context.APIRequest.PostAsync("/api/payments", new()
        {
            DataObject = new { orderId = order.Split('/')[^1], token = "tok_visa" },
        });

        paid.Status.ShouldBe(201, await paid.TextAsync());
        await buyer.SeesAsync("Paid");
        await buyer.IsStillTheSamePageAsync();
    }

    [Fact]
    public async Task Without_scripts_everything_but_the_live_parts_works()
    {
        await using var visitor = await platform.VisitAsync(scripts: false);
        await visitor.SignUpAsync();
        var ticket = await visitor.ListAsync($"Concert {Guid.NewGuid():N}", "12.50", 2);

        await visitor.ReserveAsync(ticket, 1);
        await visitor.PressAsync("Cancel order");
        await visitor.SeesAsync("Cancelled");
        await visitor.ReserveAsync(ticket, 1);
        await visitor.PressAsync("Pay");
        await visitor.EnterCardAsync(GoodCard);
        await visitor.SeesAsync("Paid");
        await Expect(visitor.Page.GetByRole(AriaRole.Img, new() { Name = "QR code of ticket 1 of 1" })).ToBeVisibleAsync();
        await visitor.PressAsync("Sign out");
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Who_comes_back_after_the_session_ended_is_still_signed_in()
    {
        await using var visitor = await platform.VisitAsync();
        await visitor.SignUpAsync();
        await visitor.Context.ClearCookiesAsync(new() { Name = "session" });

        await visitor.Page.GotoAsync("/orders");

        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "My orders" })).ToBeVisibleAsync();
        (await visitor.Context.CookiesAsync()).ShouldContain(cookie => cookie.Name == "session");
    }

    [Fact]
    public async Task No_page_is_wider_than_a_small_phone()
    {
        await using var visitor = await platform.VisitAsync();
        await visitor.SignUpAsync();
        var ticket = await visitor.ListAsync($"Averylongtitlewithoutanyspaces{new string('x', 100)}", "99999.99", 1000000);
        var order = await visitor.ReserveAsync(ticket, 10);
        await visitor.Page.SetViewportSizeAsync(320, 640);

        string[] paths =
            ["/", "/signin", "/signup", "/tickets/new", ticket, $"{ticket}/edit", order, "/orders", "/selling",
             ticket.Replace("/tickets/", "/checkin/"), "/docs", "/nothing"];
        foreach (var path in paths)
        {
            await visitor.Page.GotoAsync(path);
            var excess = await visitor.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth");
            excess.ShouldBeLessThanOrEqualTo(0, path);
        }
    }

    /// <summary>The negative control of what every journey checks in the end: no page breaks its own policy.</summary>
    [Fact]
    public async Task A_script_that_somebody_gets_into_a_page_does_not_run_and_is_noticed()
    {
        await using var visitor = await platform.VisitAsync();
        await visitor.Page.GotoAsync("/");

        await visitor.Page.EvaluateAsync(
            "document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.taken = true' }))");

        await Eventually.HoldsAsync(() => Task.FromResult(visitor.PolicyViolations.Count > 0), "the violation is reported");
        (await visitor.Page.EvaluateAsync<bool>("window.taken === true")).ShouldBeFalse();
        visitor.PolicyViolations.Clear();
    }

    /// <summary>A stopwatch that shows zero when the page's countdown does.</summary>
    private static async Task<Countdown> EndOfHoldAsync(Visitor visitor)
    {
        // Started before the look, so that a slow look never makes the end appear early.
        var since = Stopwatch.StartNew();
        var left = TimeSpan.ParseExact(await visitor.Timer.InnerTextAsync(), "m\\:ss", CultureInfo.InvariantCulture);
        return new Countdown(left, since);
    }

    private sealed record Countdown(TimeSpan Left, Stopwatch Since)
    {
        public TimeSpan Elapsed => Since.Elapsed - Left;
    }
}
