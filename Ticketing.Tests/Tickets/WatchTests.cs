using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dapper;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Tickets;

public sealed partial class WatchTests(TicketsFixture fixture) : TicketsTests(fixture)
{
    private readonly Guid watcher = Guid.CreateVersion7();

    [Fact]
    public async Task Who_waits_is_told_once_when_a_hold_ends()
    {
        var listing = await ListAsync(title: "Hamlet");
        var order = await HoldAsync(listing);
        var others = await WatchAsync(listing, 3);
        (await WatchAsync(listing)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await WatchAsync(listing)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await WatchesAsync()).ShouldHaveSingleItem().Id.ShouldBe(listing.Id);

        // Twice, and the old news after the new.
        await FreeAsync(order);
        await FreeAsync(order);
        await Platform.Broker.PublishAsync(new OrderCreated(order));

        var (unread, notifications) = await NotificationsAsync();
        unread.ShouldBe(1);
        var told = notifications.ShouldHaveSingleItem();
        (told.TicketId, told.Title, told.Read).ShouldBe((listing.Id, "Hamlet", false));
        (await WatchesAsync()).ShouldBeEmpty();
        var pushed = await Platform.Broker.HearAsync<BackOnSale>(back => back.TicketId == listing.Id);
        pushed.Title.ShouldBe("Hamlet");
        pushed.Notices.Select(notice => notice.UserId).ShouldBe([watcher, .. others], ignoreOrder: true);
        pushed.Notices.Single(notice => notice.UserId == watcher).Id.ShouldBe(told.Id);
        told.Id.Version.ShouldBe(7);

        // The next hold is nobody's business any more.
        await FreeAsync(await HoldAsync(listing));
        (await NotificationsAsync()).Notifications.ShouldHaveSingleItem();
        Platform.Broker.Heard<BackOnSale>(back => back.TicketId == listing.Id).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Who_waits_is_told_when_the_seller_adds_tickets()
    {
        var listing = await ListAsync();
        await SellAsync(await HoldAsync(listing));
        await WatchAsync(listing);

        (await PutAsync(listing, new { title = "Another title, and no ticket" })).EnsureSuccessStatusCode();
        (await NotificationsAsync()).Notifications.ShouldBeEmpty();
        (await PutAsync(listing, new { quantity = 2 })).EnsureSuccessStatusCode();
        (await NotificationsAsync()).Notifications.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Nobody_is_told_while_there_is_still_nothing()
    {
        var listing = await ListAsync();
        var (first, second) = (await HoldAsync(listing), await HoldAsync(listing));
        await WatchAsync(listing);

        await FreeAsync(first);
        (await NotificationsAsync()).Notifications.ShouldBeEmpty();
        await FreeAsync(second);
        (await NotificationsAsync()).Notifications.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_watch_can_be_given_up()
    {
        var listing = await ListAsync();
        var order = await HoldAsync(listing);
        var user = Tickets.As(watcher);
        await WatchAsync(listing);
        (await user.GetFromJsonAsync<WatchResponse>($"/api/tickets/{listing.Id}/watch"))!.Watching.ShouldBeTrue();

        for (var times = 0; times < 2; times++)
            (await user.DeleteAsync($"/api/tickets/{listing.Id}/watch")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await user.GetFromJsonAsync<WatchResponse>($"/api/tickets/{listing.Id}/watch"))!.Watching.ShouldBeFalse();
        await FreeAsync(order);
        (await NotificationsAsync()).Notifications.ShouldBeEmpty();
    }

    [Fact]
    public async Task There_must_be_something_to_wait_for_and_not_too_much()
    {
        var available = await ListAsync();
        await (await WatchAsync(available)).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        await (await Tickets.As(watcher).PutAsync($"/api/tickets/{Guid.CreateVersion7()}/watch", null))
            .ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await Tickets.As(watcher).PutAsync("/api/tickets/none/watch", null)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await Tickets.Anonymous().PutAsync($"/api/tickets/{available.Id}/watch", null))
            .ShouldBeProblemAsync(HttpStatusCode.Unauthorized);

        var (held, another) = (await ListAsync(), await ListAsync());
        await HoldAsync(held);
        await HoldAsync(another);
        await using var connection = await Platform.OpenAsync("tickets");
        await connection.ExecuteAsync(
            "INSERT INTO watches SELECT gen_random_uuid(), @watcher, now() FROM generate_series(1, 99)", new { watcher });
        var answers = await Task.WhenAll(WatchAsync(held), WatchAsync(another));
        answers.Select(answer => answer.StatusCode).ShouldBe([HttpStatusCode.NoContent, HttpStatusCode.BadRequest], ignoreOrder: true);
        (await connection.ExecuteScalarAsync<int>("SELECT count(*) FROM watches WHERE user_id = @watcher", new { watcher })).ShouldBe(100);
    }

    [Fact]
    public async Task Notifications_are_paged_read_up_to_one_and_ones_own()
    {
        var listings = new List<TicketResponse>();
        for (var i = 0; i < 3; i++)
        {
            listings.Add(await ListAsync(title: $"No. {i}"));
            var order = await HoldAsync(listings[i]);
            await WatchAsync(listings[i]);
            await WatchAsync(listings[i], 1);
            await FreeAsync(order);
        }
        var user = Tickets.As(watcher);

        using var answer = await user.GetAsync("/api/tickets/notifications?limit=2");
        var page = (await answer.Content.ReadFromJsonAsync<NotificationsResponse>())!;
        page.Unread.ShouldBe(3);
        page.Notifications.Select(told => told.Title).ShouldBe(["No. 2", "No. 1"]);
        var next = Link().Match(answer.Headers.GetValues("Link").Single()).Groups[1].Value;
        (await user.GetFromJsonAsync<NotificationsResponse>(next))!.Notifications.ShouldHaveSingleItem().Title.ShouldBe("No. 0");

        using var read = await user.PostAsJsonAsync("/api/tickets/notifications/read", new { through = page.Notifications[1].Id });
        read.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var (unread, notifications) = await NotificationsAsync();
        unread.ShouldBe(1);
        notifications.Select(told => told.Read).ShouldBe([false, true, true]);
        await (await user.PostAsJsonAsync("/api/tickets/notifications/read", new { through = "now" }))
            .ShouldBeProblemAsync(HttpStatusCode.BadRequest, "through");
    }

    [Fact]
    public async Task A_crowd_that_waits_is_told_in_events_of_at_most_500()
    {
        var listing = await ListAsync();
        var order = await HoldAsync(listing);
        await using var connection = await Platform.OpenAsync("tickets");
        await connection.ExecuteAsync(
            "INSERT INTO watches SELECT @Id, gen_random_uuid(), now() FROM generate_series(1, 1200)", new { listing.Id });

        await FreeAsync(order);

        await Eventually.BecomesAsync(() => Task.FromResult(Pushed().Sum(back => back.Notices.Count)), 1200);
        Pushed().ShouldAllBe(back => back.Notices.Count <= 500);
        Pushed().SelectMany(back => back.Notices).Select(notice => notice.UserId).Distinct().Count().ShouldBe(1200);

        IReadOnlyList<BackOnSale> Pushed() => Platform.Broker.Heard<BackOnSale>(back => back.TicketId == listing.Id);
    }

    [Fact]
    public async Task Of_a_crowd_of_1000_those_who_came_first_are_told_first()
    {
        var listing = await ListAsync();
        var order = await HoldAsync(listing);
        await using var connection = await Platform.OpenAsync("tickets");
        // In no order but that of their time.
        await connection.ExecuteAsync(
            """
            INSERT INTO watches
            SELECT @Id, gen_random_uuid(), now() - place * interval '1 second' FROM generate_series(1, 1000) AS place ORDER BY md5(place::text)
            """,
            new { listing.Id });
        var inOrder = (await connection.QueryAsync<Guid>(
            "SELECT user_id FROM watches WHERE ticket_id = @Id ORDER BY created_at", new { listing.Id })).ToList();

        await FreeAsync(order);

        await Eventually.BecomesAsync(() => Task.FromResult(Pushed().Sum(back => back.Notices.Count)), 1000);
        Pushed().OrderBy(back => back.At).SelectMany(back => back.Notices).Select(notice => notice.UserId).ShouldBe(inOrder);
        await Eventually.BecomesAsync(() => connection.ExecuteScalarAsync<long>("SELECT count(*) FROM listings_to_tell"), 0L);

        IReadOnlyList<BackOnSale> Pushed() => Platform.Broker.Heard<BackOnSale>(back => back.TicketId == listing.Id);
    }

    [Fact]
    public async Task Those_who_wait_are_looked_up_in_an_index_however_many_wait_for_other_listings()
    {
        await using var connection = await Platform.OpenAsync("tickets");
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(
            """
            INSERT INTO watches SELECT gen_random_uuid(), gen_random_uuid(), now() FROM generate_series(1, 20000);
            INSERT INTO reservations (order_id, ticket_id, user_id, quantity, state, version)
            SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 1, 'held', 0 FROM generate_series(1, 20000);
            """);
        await connection.ExecuteAsync("ANALYZE watches; ANALYZE reservations");

        (await PlanAsync("SELECT ctid FROM watches WHERE ticket_id = @id ORDER BY created_at, user_id LIMIT 500"))
            .ShouldContain("watches_in_order");
        (await PlanAsync("SELECT sum(quantity) FROM reservations WHERE ticket_id = @id AND user_id = @id AND state = 'held'"))
            .ShouldContain("reservations_held_by");

        async Task<string> PlanAsync(string statement) => string.Join('\n', await connection.QueryAsync<string>(
            $"EXPLAIN {statement}", new { id = Guid.NewGuid() }));
    }

    [Fact]
    public async Task A_strangers_edit_that_is_refused_tells_nobody()
    {
        var listing = await ListAsync();
        // As if somebody still waited for a listing that has tickets.
        await using var connection = await Platform.OpenAsync("tickets");
        await connection.ExecuteAsync("INSERT INTO watches VALUES (@Id, @watcher, now())", new { listing.Id, watcher });

        await (await PutAsync(listing, new { quantity = 2 }, by: Guid.CreateVersion7())).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        (await NotificationsAsync()).Notifications.ShouldBeEmpty();

        // The control: of a change that is made they are told.
        (await PutAsync(listing, new { quantity = 2 })).EnsureSuccessStatusCode();
        (await NotificationsAsync()).Notifications.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Nobody_waits_for_an_event_that_has_begun_or_is_told_of_it()
    {
        var listing = await ListAsync(startsAt: Platform.Clock.GetUtcNow().AddMinutes(1));
        var order = await HoldAsync(listing);
        await WatchAsync(listing);

        Platform.Clock.Turn(TimeSpan.FromMinutes(2));
        await FreeAsync(order);

        (await NotificationsAsync()).Notifications.ShouldBeEmpty();
        var late = await Tickets.As(Guid.CreateVersion7()).PutAsync($"/api/tickets/{listing.Id}/watch", null);
        (await late.ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldBe("Sales have ended: the event has begun.");
        // Put off, it is on sale again.
        (await PutAsync(listing, new { startsAt = Platform.Clock.GetUtcNow().AddDays(1) })).EnsureSuccessStatusCode();
        (await NotificationsAsync()).Notifications.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Who_holds_all_that_is_not_sold_has_nothing_to_wait_for_and_is_told_which_order_it_is()
    {
        var listing = await ListAsync(quantity: 3);
        await SellAsync(await HoldAsync(listing));
        var order = await HoldAsync(listing, 2);

        using var refused = await Tickets.As(order.UserId).PutAsync($"/api/tickets/{listing.Id}/watch", null);
        (await refused.ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldStartWith("You hold these tickets yourself");
        (await refused.Content.ReadFromJsonAsync<JsonNode>())!["orderId"]!.GetValue<Guid>().ShouldBe(order.Id);

        // Others may wait, and so may who holds only a part.
        (await WatchAsync(listing)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var half = await ListAsync(quantity: 2);
        var mine = await HoldAsync(half);
        await HoldAsync(half);
        (await Tickets.As(mine.UserId).PutAsync($"/api/tickets/{half.Id}/watch", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    private Task<HttpResponseMessage> WatchAsync(TicketResponse listing) =>
        Tickets.As(watcher).PutAsync($"/api/tickets/{listing.Id}/watch", null);

    /// <summary>So many others wait.</summary>
    private async Task<IReadOnlyList<Guid>> WatchAsync(TicketResponse listing, int others)
    {
        var users = Enumerable.Range(0, others).Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var user in users)
            (await Tickets.As(user).PutAsync($"/api/tickets/{listing.Id}/watch", null)).EnsureSuccessStatusCode();
        return users;
    }

    private async Task<TicketResponse[]> WatchesAsync() =>
        (await Tickets.As(watcher).GetFromJsonAsync<TicketResponse[]>("/api/tickets/watches"))!;

    private async Task<NotificationsResponse> NotificationsAsync() =>
        (await Tickets.As(watcher).GetFromJsonAsync<NotificationsResponse>("/api/tickets/notifications"))!;

    [GeneratedRegex("^<([^>]+)>; rel=\"next\"$")]
    private static partial Regex Link();
}
