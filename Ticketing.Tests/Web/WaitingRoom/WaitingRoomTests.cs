using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tests.Web.Pages;
using Ticketing.Web.WaitingRoom;
using Xunit;

namespace Ticketing.Tests.Web.WaitingRoom;

/// <summary>The site with a listing that lets one buyer through a minute, before a stub of Orders.</summary>
public sealed class WaitingRoomTests(WebSite site) : PagesTests(site), IAsyncLifetime
{
    private readonly TicketResponse ticket = Ticket() with { BuyersPerMinute = 1 };

    public async ValueTask InitializeAsync()
    {
        await SetAsync(1, version: 0);
        Site.Orders.Answers(Json(Order(), 201));
        Site.Tickets.Answers(Json(ticket));
    }

    public ValueTask DisposeAsync()
    {
        Site.Tickets.Rooms = "[]";
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Who_must_wait_is_told_where_they_are_and_orders_when_it_is_their_turn()
    {
        using var first = Site.Web.As(Guid.CreateVersion7());
        using var second = Site.Web.As(Guid.CreateVersion7());
        (await OrderAsync(first)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await second.GetAsync($"/api/orders/queue/{ticket.Id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        using var refused = await OrderAsync(second);
        await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(30));
        var problem = (await refused.Content.ReadFromJsonAsync<JsonNode>())!;
        problem["position"]!.GetValue<int>().ShouldBe(1);
        problem["estimatedSeconds"]!.GetValue<int>().ShouldBeInRange(1, 60);
        problem["waitingRoom"]!.ToString().ShouldBe($"/api/orders/queue/{ticket.Id}");
        problem["errors"]![0]!["message"]!.ToString().ShouldStartWith("You are number 1 in line");
        Site.Orders.Arrived.Count.ShouldBe(1);
        (await QueueAsync(second))["admitted"]!.GetValue<bool>().ShouldBeFalse();

        await SetAsync(60_000, version: 1);
        await Eventually.HoldsAsync(async () => (await QueueAsync(second))["admitted"]!.GetValue<bool>(), "it is their turn");
        (await QueueAsync(second))["admittedUntil"]!.ToString().ShouldEndWith("Z");
        (await OrderAsync(second)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await second.GetAsync($"/api/orders/queue/{ticket.Id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Nothing_leads_past_it()
    {
        using var user = await InLineAsync();
        var order = JsonSerializer.Serialize(new { ticketId = ticket.Id });
        HttpContent[] spellings =
        [
            new StringContent(order, Encoding.UTF8, "application/json"), new StringContent(order, Encoding.Unicode, "application/json"),
            new StringContent(order.Replace("ticketId", "TICKETID"), Encoding.UTF8, "application/vnd.x+json"),
            new StringContent(order.Replace("ticketId", "ticket\\u0049d"), Encoding.UTF8, "application/json"),
        ];
        foreach (var (index, spelling) in spellings.Index())
        {
            var path = ((string[])["/api/orders", "/API/Orders/", "/api/%6Frders", "/api/orders?x=1"])[index];
            (await user.PostAsync(path, spelling)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests, path);
        }
        Site.Orders.Arrived.ShouldBeEmpty();
    }

    [Fact]
    public async Task Other_listings_and_what_Orders_will_refuse_go_on_as_they_are()
    {
        var bodies = new List<JsonNode>();
        Site.Orders.Answers(Keep(bodies, Json(Order(), 201)));
        using var user = Site.Web.As(Guid.CreateVersion7());
        var other = Guid.CreateVersion7();

        for (var i = 0; i < 5; i++)
            (await OrderAsync(user, ticketId: other)).StatusCode.ShouldBe(HttpStatusCode.Created);
        bodies.ShouldAllBe(body => body["ticketId"]!.ToString() == other.ToString());

        Site.Orders.Answers(Problem(400, ("No JSON.", null)));
        (await user.PostAsync("/api/orders", new StringContent("{", Encoding.UTF8, "application/json"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var large = new StringContent(new string(' ', 70_000), Encoding.UTF8, "application/json");
        (await user.PostAsync("/api/orders", large)).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData(400, HttpStatusCode.TooManyRequests)]
    [InlineData(503, HttpStatusCode.ServiceUnavailable)]
    public async Task A_refusal_uses_the_turn_and_a_failure_does_not(int status, HttpStatusCode next)
    {
        Site.Orders.Answers(Problem(status, ("No.", null)));
        using var user = Site.Web.As(Guid.CreateVersion7());
        ((int)(await OrderAsync(user, key: "one")).StatusCode).ShouldBe(status);
        (await OrderAsync(user, key: "two")).StatusCode.ShouldBe(next);
    }

    [Fact]
    public async Task A_lost_answer_can_be_asked_for_again_by_the_same_key()
    {
        using var user = Site.Web.As(Guid.CreateVersion7());
        (await OrderAsync(user, key: "one")).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await OrderAsync(user, key: "one")).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await OrderAsync(user, key: "two")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task An_order_that_its_client_broke_off_can_be_asked_for_again_by_the_same_key_alone()
    {
        var (arrived, left) = (new TaskCompletionSource(), new TaskCompletionSource());
        Site.Orders.Answers(async context =>
        {
            context.RequestAborted.Register(left.SetResult);
            arrived.SetResult();
            await left.Task;
        });
        using var user = Site.Web.As(Guid.CreateVersion7());
        using var patience = new CancellationTokenSource();
        var order = OrderAsync(user, key: "one", cancellationToken: patience.Token);
        await arrived.Task;
        await patience.CancelAsync();
        await left.Task;
        await Should.ThrowAsync<OperationCanceledException>(() => order);

        Site.Orders.Answers(Json(Order(), 201));
        (await OrderAsync(user, key: "two")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        for (var i = 0; i < 5; i++)
            (await OrderAsync(user, key: "one")).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_place_belongs_to_somebody()
    {
        using var visitor = Site.Web.Anonymous();
        await (await OrderAsync(visitor)).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        await (await visitor.GetAsync($"/api/orders/queue/{ticket.Id}")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);

        using var user = await InLineAsync();
        (await user.DeleteAsync($"/api/orders/queue/{ticket.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await user.GetAsync($"/api/orders/queue/{ticket.Id}")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await user.GetAsync("/api/orders/queue/no-id")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task With_Redis_away_everybody_orders()
    {
        await using var web = Site.Start(("ConnectionStrings:redis", "127.0.0.1:1,connectTimeout=500"));
        await Eventually.HoldsAsync(() => Task.FromResult(web.Services.GetRequiredService<Rooms>().Find(ticket.Id) is not null), "the room is known");
        for (var i = 0; i < 3; i++)
        {
            using var user = web.As(Guid.CreateVersion7());
            (await OrderAsync(user)).StatusCode.ShouldBe(HttpStatusCode.Created);
        }
    }

    [Fact]
    public async Task Reserving_leads_to_the_line_and_from_there_back_with_the_quantity_kept()
    {
        using var first = Site.Web.As(Guid.CreateVersion7());
        await OrderAsync(first);
        using var browser = SignedIn();

        var queue = (await browser.SubmitAsync($"/tickets/{ticket.Id}", ("Form.Quantity", "2"))).Headers.Location!.ToString();
        queue.ShouldBe($"/tickets/{ticket.Id}/queue?quantity=2&from=1", StringCompareShould.IgnoreCase);
        var page = await browser.ReadAsync(queue);
        page.ShouldContain("You are number 1 in line");
        page.ShouldContain("http-equiv=\"refresh\"");
        (await browser.ReadAsync($"/tickets/{ticket.Id}")).ShouldContain("You are number 1 in line");

        await SetAsync(60_000, version: 1);
        await Eventually.HoldsAsync(async () => !(await browser.GetAsync(queue)).IsSuccessStatusCode, "it is their turn");
        var turn = (await browser.GetAsync(queue)).Headers.Location!.ToString();
        turn.ShouldBe($"/tickets/{ticket.Id}?quantity=2", StringCompareShould.IgnoreCase);
        var listing = await browser.ReadAsync(turn);
        listing.ShouldContain("It is your turn: reserve within");
        listing.ShouldContain("value=\"2\"");
        (await browser.SubmitAsync(turn, ("Form.Quantity", "2"))).Headers.Location!.ToString().ShouldStartWith("/orders/");
    }

    [Fact]
    public async Task Who_leaves_or_never_was_there_is_told_so_on_the_listing()
    {
        using var first = Site.Web.As(Guid.CreateVersion7());
        await OrderAsync(first);
        using var browser = new Browser(Site.Web, Site.Platform.Users.TokenFor(Guid.CreateVersion7(), Site.Platform.Clock.GetUtcNow()));
        (await browser.GetAsync($"/tickets/{ticket.Id}/queue")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await browser.ReadAsync($"/tickets/{ticket.Id}")).ShouldContain("You are not in line.");

        var queue = (await browser.SubmitAsync($"/tickets/{ticket.Id}", ("Form.Quantity", "1"))).Headers.Location!.ToString();
        await browser.SubmitAsync(queue.Replace("?", "?handler=Leave&", StringComparison.Ordinal));
        (await browser.ReadAsync($"/tickets/{ticket.Id}")).ShouldContain("You left the line.");
    }

    /// <summary>Sets the rate, as Tickets tells it, and waits until the site has heard.</summary>
    private async Task SetAsync(int rate, int version)
    {
        Site.Tickets.Rooms = JsonSerializer.Serialize<WaitingRoomResponse[]>([new(ticket.Id, rate, version)], JsonConventions.Options);
        var listing = new ListingState(ticket.Id, ticket.UserId, "Hamlet", 3500, "usd", 5, null, null, null, DateTimeOffset.UnixEpoch, version, rate);
        await Site.Platform.Broker.PublishAsync(version == 0 ? new TicketCreated(listing) : new TicketUpdated(listing));
        var rooms = Site.Web.Services.GetRequiredService<Rooms>();
        await Eventually.HoldsAsync(() => Task.FromResult(rooms.Find(ticket.Id)?.BuyersPerMinute == rate), "the site knows the rate");
    }

    private async Task<HttpClient> InLineAsync()
    {
        using var first = Site.Web.As(Guid.CreateVersion7());
        (await OrderAsync(first)).StatusCode.ShouldBe(HttpStatusCode.Created);
        var second = Site.Web.As(Guid.CreateVersion7());
        (await OrderAsync(second)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        Site.Orders.Arrived.Clear();
        return second;
    }

    private async Task<HttpResponseMessage> OrderAsync(
        HttpClient user, Guid? ticketId = null, string? key = null, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/orders")
        {
            Content = JsonContent.Create(new { ticketId = ticketId ?? ticket.Id, quantity = 1 }),
        };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await user.SendAsync(request, cancellationToken);
    }

    private async Task<JsonNode> QueueAsync(HttpClient user) => (await user.GetFromJsonAsync<JsonNode>($"/api/orders/queue/{ticket.Id}"))!;
}
