using Dapper;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Flaws;

/// <summary>
/// 8. An event that comes twice, or before its predecessor, throws, and keeps coming back or is lost. The guard: events
/// carry whole states, of which the newest counts and any other changes nothing.
/// (Every ordering of every event: <see cref="Orders.ReplicateListingTests"/>, <see cref="Tickets.TrackReservationsTests"/>.)
/// </summary>
public sealed class Flaw08PoisonedByDisorderTests(Servers servers)
{
    /// <summary>The consumer as it would be if it insisted on the version that comes next.</summary>
    private static Mutation AnyNewerVersion => new(
        "orders",
        "WHERE present.version < excluded.version",
        "WHERE CASE WHEN present.version = excluded.version - 1 THEN true ELSE 1 / (excluded.version - excluded.version) = 1 END");

    [Fact]
    public async Task Duplicates_and_disorder_are_no_failures_and_the_newest_counts() =>
        (await HearInDisorderAsync([])).ShouldBe((0U, 2));

    [Fact]
    public async Task Control_a_consumer_that_insists_on_order_fails_and_loses_the_newest()
    {
        var guard = AnyNewerVersion;
        (await HearInDisorderAsync([guard])).ShouldBe((2U, 1));
        guard.ShouldHaveBeenApplied();
    }

    /// <summary>How many events failed for good, and which version of the listing Orders has in the end.</summary>
    private async Task<(uint Failed, int Version)> HearInDisorderAsync(IReadOnlyList<Mutation> without)
    {
        await using var shop = await OrdersShop.OpenAsync(servers, without);
        var listing = await shop.ListAsync();
        await using var connection = await shop.Platform.OpenAsync("orders");

        await HearAsync(new TicketUpdated(listing with { Version = 2 }), failures: 1);
        await HearAsync(new TicketUpdated(listing with { Version = 1 }), failures: 1);
        await HearAsync(new TicketCreated(listing), failures: 2);
        return (await FailedAsync(), await VersionAsync());

        // One at a time: until it is applied, has failed, or can be seen to have changed nothing.
        async Task HearAsync(object @event, uint failures)
        {
            await shop.Platform.Broker.PublishAsync(@event);
            await shop.ListAsync();
            await Eventually.HoldsAsync(
                async () => await FailedAsync() == failures || await VersionAsync() == 2, "the event is through");
        }

        Task<uint> FailedAsync() => shop.Platform.QueueDepthAsync($"{Topology.OrdersListings}_error");

        Task<int> VersionAsync() =>
            connection.ExecuteScalarAsync<int>("SELECT version FROM listings WHERE id = @Id", new { listing.Id });
    }
}
