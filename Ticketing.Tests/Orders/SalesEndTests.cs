using System.Net;
using Dapper;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Orders;

/// <summary>Sales end when the event begins.</summary>
public sealed class SalesEndTests(OrdersFixture fixture) : OrdersTests(fixture)
{
    [Fact]
    public async Task Nothing_is_reserved_once_the_event_has_begun_but_what_is_held_may_still_be_paid()
    {
        var start = Platform.Clock.GetUtcNow().AddSeconds(15);
        var listing = await ListAsync(quantity: 5, startsAt: start);
        var before = await ReserveAsync(Guid.CreateVersion7(), listing, 2);

        Platform.Clock.Turn(TimeSpan.FromSeconds(20));

        (await (await AskAsync(Guid.CreateVersion7(), listing)).ShouldBeProblemAsync(HttpStatusCode.BadRequest))
            .ShouldBe("Sales have ended: the event has begun.");
        (await AvailableAsync(listing.Id)).ShouldBe(3);
        await PayAsync(before);
    }

    [Fact]
    public async Task An_event_that_is_put_off_is_sold_again()
    {
        var listing = await ListAsync(startsAt: Platform.Clock.GetUtcNow().AddSeconds(-1));
        await (await AskAsync(Guid.CreateVersion7(), listing)).ShouldBeProblemAsync(HttpStatusCode.BadRequest);

        await Platform.Broker.PublishAsync(new TicketUpdated(listing with { Version = 1, StartsAt = Platform.Clock.GetUtcNow().AddDays(1) }));

        await Eventually.BecomesAsync(async () => (await AskAsync(Guid.CreateVersion7(), listing)).StatusCode, HttpStatusCode.Created);
    }

    /// <summary>What an older version replicated has neither start nor limit, until Tickets tells it again (its <c>--republish</c>).</summary>
    [Fact]
    public async Task The_same_version_told_again_fills_in_what_an_older_replica_left_out_and_changes_nothing_else()
    {
        var listing = await ListAsync(quantity: 5);
        await ReserveAsync(Guid.CreateVersion7(), listing, 2);
        var start = DateTimeOffset.FromUnixTimeSeconds(Platform.Clock.GetUtcNow().ToUnixTimeSeconds());

        await Platform.Broker.PublishAsync(new TicketCreated(listing with { StartsAt = start, MaxPerBuyer = 3 }));

        await using var connection = await Platform.OpenAsync("orders");
        await Eventually.BecomesAsync(
            () => connection.QuerySingleAsync<(int, int, int?, bool)>(
                "SELECT quantity, available, max_per_buyer, starts_at = @start FROM listings WHERE id = @Id", new { listing.Id, start }),
            (5, 3, 3, true));
        await (await AskAsync(Guid.CreateVersion7(), listing)).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
    }
}
