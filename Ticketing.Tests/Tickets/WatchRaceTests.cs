using System.Net;
using System.Net.Http.Json;
using Dapper;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Tickets;

/// <summary>
/// A watch that is placed in the very moment in which the hold ends is not lost: its user is told, or is refused because
/// there are tickets. One side is held up in the middle, after it has looked and before it is done, while the other comes.
/// </summary>
public sealed class WatchRaceTests(Servers servers)
{
    private static Mutation TheListingsLock => new(
        "tickets", "SELECT id FROM tickets WHERE id = @ticketId FOR SHARE", "SELECT id FROM tickets WHERE id = @ticketId");

    /// <summary>The end of the hold stops after it has begun to look for who waits.</summary>
    private static Mutation StopsToTell => new(
        "tickets", "WHERE id = ANY(@ticketIds) AND offered", "WHERE id = ANY(@ticketIds) AND offered AND (SELECT true FROM pg_advisory_xact_lock(7, 7))");

    /// <summary>The watch stops after it has begun to look at the listing.</summary>
    private static Mutation StopsToWatch => new(
        "tickets", "WHERE NOT offered AND (SELECT", "WHERE NOT offered AND (SELECT true FROM pg_advisory_xact_lock(7, 7)) AND (SELECT");

    [Fact]
    public async Task A_watch_that_comes_while_the_hold_ends_is_not_lost() =>
        (await RaceAsync(StopsToTell, watchFirst: false)).ShouldBe((HttpStatusCode.BadRequest, 0));

    [Fact]
    public async Task A_hold_that_ends_while_a_watch_comes_tells_of_it() =>
        (await RaceAsync(StopsToWatch, watchFirst: true)).ShouldBe((HttpStatusCode.NoContent, 1));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Control_without_the_lock_it_is_lost(bool watchFirst)
    {
        var withoutLock = TheListingsLock;
        (await RaceAsync(watchFirst ? StopsToWatch : StopsToTell, watchFirst, withoutLock)).ShouldBe((HttpStatusCode.NoContent, 0));
        withoutLock.ShouldHaveBeenApplied();
    }

    /// <summary>What the watch was answered, and how often its user was told.</summary>
    private async Task<(HttpStatusCode Watch, int Told)> RaceAsync(Mutation stop, bool watchFirst, params Mutation[] without)
    {
        await using var platform = (await TestPlatform.CreateAsync(servers, "tickets")).Without([stop, .. without]);
        var tickets = await platform.StartAsync<Ticketing.Tickets.Listing>();
        var user = tickets.As(Guid.CreateVersion7());
        using var listed = await user.PostAsJsonAsync("/api/tickets", new { title = "Concert", price = 10 });
        var listing = (await listed.Content.ReadFromJsonAsync<TicketResponse>())!;
        var order = TicketsTests.Order(listing.Id, OrderStatus.Created, 0);
        await platform.Broker.PublishAsync(new OrderCreated(order));
        await Eventually.BecomesAsync(SeeAsync, 0);
        await using var gate = await platform.OpenAsync("tickets");
        await using var connection = await platform.OpenAsync("tickets");
        await gate.ExecuteAsync("SELECT pg_advisory_lock(7, 7)");

        Task<HttpResponseMessage>? watch = null;
        Func<Task>[] sides = [() => Task.FromResult(watch = WatchAsync()), FreeAsync];
        await sides[watchFirst ? 0 : 1]();
        await Eventually.HoldsAsync(async () => await WaitingAsync() == 1, "the first one stands in the middle");
        await sides[watchFirst ? 1 : 0]();
        // It waits for the first one; or, without the lock, is through before it.
        await Eventually.HoldsAsync(
            async () => await WaitingAsync() == 2 || (watchFirst ? await SeeAsync() == 1 : watch!.IsCompleted), "the second one came");
        await gate.ExecuteAsync("SELECT pg_advisory_unlock(7, 7)");
        using var answer = await watch!;
        await Eventually.BecomesAsync(SeeAsync, 1);
        stop.ShouldHaveBeenApplied();
        var told = await user.GetFromJsonAsync<NotificationsResponse>("/api/tickets/notifications");
        return (answer.StatusCode, told!.Notifications.Count);

        Task<HttpResponseMessage> WatchAsync() => user.PutAsync($"/api/tickets/{listing.Id}/watch", null);

        Task FreeAsync() => platform.Broker.PublishAsync(
            new OrderCancelled(order with { Status = OrderStatus.Cancelled, Reason = CancelReason.Buyer, Version = 1 }));

        async Task<int> SeeAsync() => (await user.GetFromJsonAsync<TicketResponse>($"/api/tickets/{listing.Id}"))!.Available;

        Task<long> WaitingAsync() => connection.ExecuteScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
    }
}
