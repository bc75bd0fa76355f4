using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.SignalR;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tests.Web.Pages;
using Xunit;

namespace Ticketing.Tests.Web.Live;

public sealed class LiveTests(WebSite site) : PagesTests(site)
{
    [Fact]
    public async Task An_orders_state_reaches_its_buyer_and_nobody_else()
    {
        var (buyer, stranger) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var mine = await ConnectAsync(buyer);
        await using var theirs = await ConnectAsync(stranger);
        await using var nobodys = await LiveSocket.ConnectAsync(Site.Web.Address);
        var (order, other) = (State(buyer, OrderStatus.Complete), State(stranger, OrderStatus.Cancelled));

        await Site.Platform.Broker.PublishAsync(new OrderCompleted(order));
        var (name, view) = await mine.NextAsync();
        await Site.Platform.Broker.PublishAsync(new OrderCancelled(other));

        name.ShouldBe("order");
        view["id"]!.ToString().ShouldBe(order.Id.ToString());
        view["state"]!.ToString().ShouldBe("paid");
        view["verdict"]!.ToString().ShouldBe("Paid");
        view["version"]!.GetValue<int>().ShouldBe(order.Version);
        // The stranger's first message is the later one, so the earlier one never came to them.
        (await theirs.NextAsync()).Argument["id"]!.ToString().ShouldBe(other.Id.ToString());
    }

    /// <summary>The page then asks, which asks Payments.</summary>
    [Fact]
    public async Task The_event_of_an_order_that_ended_unpaid_says_nothing_of_its_money()
    {
        var buyer = Guid.CreateVersion7();
        await using var socket = await ConnectAsync(buyer);

        await Site.Platform.Broker.PublishAsync(new OrderCancelled(State(buyer, OrderStatus.Cancelled) with { Reason = CancelReason.Expired }));

        var (_, view) = await socket.NextAsync();
        view["state"]!.ToString().ShouldBe("checking");
        view["known"]!.GetValue<bool>().ShouldBeFalse();
        view["verdict"]!.ToString().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_failed_payment_is_told_to_its_buyer_in_Stripes_words()
    {
        var buyer = Guid.CreateVersion7();
        await using var socket = await ConnectAsync(buyer);
        var payment = new PaymentState(
            Guid.CreateVersion7(), Guid.CreateVersion7(), buyer, "pi_1", 1, PaymentStatus.Pending, 7000, "usd", "Your card was declined.", DateTimeOffset.UnixEpoch, 2);

        await Site.Platform.Broker.PublishAsync(new PaymentFailed(payment));

        var (name, message) = await socket.NextAsync();
        name.ShouldBe("payment");
        message["orderId"]!.ToString().ShouldBe(payment.OrderId.ToString());
        message["message"]!.ToString().ShouldBe("Your card was declined.");
    }

    [Fact]
    public async Task Who_waited_for_tickets_is_told_and_nobody_else()
    {
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var mine = await ConnectAsync(first);
        await using var theirs = await ConnectAsync(second);
        var (told, later) = (Back("Hamlet", first), Back("Macbeth", first, second));

        await Site.Platform.Broker.PublishAsync(told);
        var (name, message) = await mine.NextAsync();
        name.ShouldBe("notification");
        message["id"]!.ToString().ShouldBe(told.Notices[0].Id.ToString());
        message["ticketId"]!.ToString().ShouldBe(told.TicketId.ToString());
        message["text"]!.ToString().ShouldBe("Tickets again: Hamlet");
        // Sent once the first has arrived, since events overtake each other. The other's first message is this one, so the
        // earlier never came to them.
        await Site.Platform.Broker.PublishAsync(later);
        (await theirs.NextAsync()).Argument["text"]!.ToString().ShouldBe("Tickets again: Macbeth");

        static BackOnSale Back(string title, params Guid[] users) => new(
            Guid.CreateVersion7(), title, DateTimeOffset.UnixEpoch,
            [.. users.Select(user => new BackOnSaleNotice(Guid.CreateVersion7(), user))]);
    }

    [Fact]
    public async Task Orders_are_not_told_to_someone_who_is_not_signed_in()
    {
        await using var socket = await LiveSocket.ConnectAsync(Site.Web.Address);

        (await Should.ThrowAsync<HubException>(() => socket.InvokeAsync("WatchOrders")))
            .Message.ShouldContain("unauthorized");
    }

    [Fact]
    public async Task Another_sites_page_cannot_connect_with_the_visitors_cookie()
    {
        var refused = await Should.ThrowAsync<WebSocketException>(() =>
            LiveSocket.ConnectAsync(Site.Web.Address, Token(Guid.CreateVersion7()), origin: "http://evil.example"));

        refused.Message.ShouldContain("403");
    }

    [Fact]
    public async Task What_Tickets_tells_reaches_all_who_watch_and_Tickets_is_not_asked()
    {
        var ticket = Guid.CreateVersion7();
        Site.Tickets.Answers(500);
        await using var english = await LiveSocket.ConnectAsync(Site.Web.Address);
        await using var german = await LiveSocket.ConnectAsync(Site.Web.Address, cookie: "language=c%3Dde%7Cuic%3Dde");
        await english.InvokeAsync("WatchTicket", ticket);
        await german.InvokeAsync("WatchTicket", ticket);

        for (var left = 100; left > 0; left--)
            await Site.Platform.Broker.PublishAsync(new OrderCreated(State(Guid.CreateVersion7(), OrderStatus.Created, ticket)));
        await Site.Platform.Broker.PublishAsync(Changed(ticket, 3, 1));

        var (name, view) = await english.NextAsync();
        name.ShouldBe("ticket");
        view["available"]!.GetValue<int>().ShouldBe(3);
        view["left"]!.ToString().ShouldBe("3 tickets left");
        view["price"]!.ToString().ShouldBe("$35.00");
        (await german.NextAsync()).Argument["left"]!.ToString().ShouldBe("Noch 3 Tickets");
        Site.Tickets.Arrived.ShouldBeEmpty();
    }

    /// <summary>Each alone would be a message to every page.</summary>
    [Fact]
    public async Task Of_many_changes_pages_are_told_a_few_and_the_last()
    {
        var ticket = Guid.CreateVersion7();
        await using var socket = await LiveSocket.ConnectAsync(Site.Web.Address);
        await socket.InvokeAsync("WatchTicket", ticket);
        var started = TimeProvider.System.GetTimestamp();

        for (var last = 50; last <= 1000; last += 50)
        {
            await Site.Platform.Broker.PublishTogetherAsync(
                [.. Enumerable.Range(last - 49, 50).Select(version => Changed(ticket, 1000 - version, version))]);
        }

        var told = 0;
        int available;
        do
        {
            available = (await socket.NextAsync()).Argument["available"]!.GetValue<int>();
            told++;
        }
        while (available > 0);
        told.ShouldBeLessThanOrEqualTo((int)(TimeProvider.System.GetElapsedTime(started) / TimeSpan.FromMilliseconds(250)) + 2);
    }

    /// <summary>The newer one is the control: what is not told would have been seen.</summary>
    [Theory]
    [InlineData(1, 5, false)]
    [InlineData(3, 5, true)]
    [InlineData(3, 3, false)]
    public async Task Only_what_is_newer_and_shows_is_told(long version, int available, bool isTold)
    {
        var (ticket, marker) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var socket = await LiveSocket.ConnectAsync(Site.Web.Address);
        await socket.InvokeAsync("WatchTickets", [new[] { ticket, marker }]);
        await Site.Platform.Broker.PublishAsync(Changed(ticket, 3, 2));
        (await socket.NextAsync()).Argument["available"]!.GetValue<int>().ShouldBe(3);

        await Site.Platform.Broker.PublishTogetherAsync([Changed(ticket, available, version), Changed(marker, 1, 1)]);
        var heard = new List<JsonNode>();
        while (heard.Count(view => $"{view["id"]}" == $"{marker}") < 2)
        {
            heard.Add((await socket.NextAsync()).Argument);
            // Of one round the order does not matter: the next round ends it.
            if ($"{heard[^1]["id"]}" == $"{marker}" && heard[^1]["available"]!.GetValue<int>() == 1)
                await Site.Platform.Broker.PublishAsync(Changed(marker, 2, 2));
        }

        heard.Where(view => $"{view["id"]}" == $"{ticket}").Select(view => view["available"]!.GetValue<int>())
            .ShouldBe(isTold ? [available] : []);
    }

    [Fact]
    public async Task A_withdrawn_ticket_is_no_longer_for_sale()
    {
        var ticket = Guid.CreateVersion7();
        await using var socket = await LiveSocket.ConnectAsync(Site.Web.Address);
        await socket.InvokeAsync("WatchTicket", ticket);

        await Site.Platform.Broker.PublishAsync(Changed(ticket, 5, 1) with { Withdrawn = true });

        var (_, view) = await socket.NextAsync();
        view["left"]!.ToString().ShouldBe("No longer for sale");
        view["available"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task A_list_hears_of_what_it_shows_now_and_no_longer_of_what_it_showed()
    {
        var (before, now) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var socket = await LiveSocket.ConnectAsync(Site.Web.Address);
        await socket.InvokeAsync("WatchTickets", [new[] { before }]);
        await socket.InvokeAsync("WatchTickets", [new[] { now, Guid.CreateVersion7() }]);

        await Site.Platform.Broker.PublishTogetherAsync([Changed(before, 4, 1), Changed(now, 0, 1)]);

        var (_, view) = await socket.NextAsync();
        view["id"]!.ToString().ShouldBe($"{now}");
        view["badge"]!.ToString().ShouldBe("Sold out");
        view["stock"]!.ToString().ShouldBe("none");
    }

    [Fact]
    public async Task A_connection_watches_only_so_many_tickets()
    {
        await using var socket = await LiveSocket.ConnectAsync(Site.Web.Address);
        await socket.InvokeAsync("WatchTickets", [Enumerable.Range(0, 200).Select(_ => Guid.CreateVersion7()).ToArray()]);
        (await Should.ThrowAsync<HubException>(() => socket.InvokeAsync("WatchTicket", Guid.CreateVersion7())))
            .Message.ShouldContain("Too many tickets.");
    }

    [Fact]
    public async Task A_list_without_a_socket_can_ask_for_all_that_it_shows()
    {
        var (here, gone) = (Ticket(available: 3), Guid.CreateVersion7());
        Site.Tickets.Answers(Json(new[] { here }));
        using var browser = Anonymous();

        var views = JsonNode.Parse(await browser.ReadAsync($"/live/tickets?id={here.Id}&id={gone}"))!.AsArray();

        Site.Tickets.Arrived.ShouldBe([$"GET /api/tickets?ids={here.Id},{gone}"]);
        views.Select(view => view!["badge"]!.ToString()).ShouldBe(["3 left", "No longer for sale"]);
        (await browser.ReadAsync("/live/tickets")).ShouldBe("[]");
    }

    [Fact]
    public async Task Without_a_socket_a_page_can_ask()
    {
        var (ticket, order) = (Ticket(available: 1), Order());
        Site.Tickets.Answers(Json(ticket));
        Site.Orders.Answers(Json(order));
        using var browser = SignedIn();

        JsonNode.Parse(await browser.ReadAsync($"/live/tickets/{ticket.Id}"))!["left"]!.ToString().ShouldBe("1 ticket left");
        var view = JsonNode.Parse(await browser.ReadAsync($"/live/orders/{order.Id}"))!;
        view["state"]!.ToString().ShouldBe("reserved");
        (DateTimeOffset.Parse(view["expiresAt"]!.ToString(), null) - DateTimeOffset.Parse(view["now"]!.ToString(), null))
            .ShouldBeInRange(TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Somebody_elses_order_cannot_be_asked_for()
    {
        Site.Orders.Answers(Problem(401, ("This belongs to another user.", null)));
        using var browser = SignedIn();
        using var visitor = Site.Web.Anonymous();

        await (await browser.GetAsync($"/live/orders/{Guid.CreateVersion7()}")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        await (await visitor.GetAsync($"/live/orders/{Guid.CreateVersion7()}")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
    }

    /// <summary>An order page's socket.</summary>
    private async Task<LiveSocket> ConnectAsync(Guid userId)
    {
        var socket = await LiveSocket.ConnectAsync(Site.Web.Address, Token(userId));
        await socket.InvokeAsync("WatchOrders");
        return socket;
    }

    private string Token(Guid userId) => Site.Platform.Users.TokenFor(userId, Site.Platform.Clock.GetUtcNow());

    private static AvailabilityChanged Changed(Guid ticketId, int available, long version) =>
        new(ticketId, available, 3500, "usd", Withdrawn: false, version);

    private static OrderState State(Guid userId, string status, Guid? ticketId = null) => new(
        Guid.CreateVersion7(), userId, ticketId ?? Guid.CreateVersion7(), 2, 7000, "usd", status, null,
        DateTimeOffset.UnixEpoch.AddMinutes(1), DateTimeOffset.UnixEpoch, "Hamlet", 3500, 0, null, null, 4);
}
