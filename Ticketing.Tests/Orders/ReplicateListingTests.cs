using Dapper;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Orders;

public sealed class ReplicateListingTests(OrdersFixture fixture) : OrdersTests(fixture)
{
    public static TheoryData<int[]> Orderings => [.. Permutations([0, 1, 2])];

    [Theory]
    [MemberData(nameof(Orderings))]
    public async Task In_whatever_order_its_events_come_the_newest_counts(int[] ordering)
    {
        var created = Listing(quantity: 5, price: 100);
        var updated = created with { Version = 1, Price = 200, Quantity = 7 };
        object[] events =
        [
            new TicketCreated(created), new TicketUpdated(updated), new TicketDeleted(updated with { Version = 2 }),
        ];

        foreach (var index in ordering)
        {
            await Platform.Broker.PublishAsync(events[index]);
            await Platform.Broker.PublishAsync(events[index]);
        }

        await Eventually.BecomesAsync(() => ReadAsync(created.Id), new Replica(200, 7, 7, 2, true));
    }

    [Fact]
    public async Task A_larger_quantity_makes_more_available()
    {
        var listing = await ListAsync(quantity: 3);
        await PlaceAsync(listing, 2);

        await Platform.Broker.PublishAsync(new TicketUpdated(listing with { Version = 1, Quantity = 10 }));

        await Eventually.BecomesAsync(() => ReadAsync(listing.Id), new Replica(1999, 10, 8, 1, false));
        Platform.Broker.Heard<ListingCorrected>(corrected => corrected.TicketId == listing.Id).ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_the_seller_left_too_few_the_sale_wins_and_Tickets_is_told()
    {
        var listing = await ListAsync(quantity: 5);
        await PlaceAsync(listing, 4);

        await Platform.Broker.PublishAsync(new TicketUpdated(listing with { Version = 1, Quantity = 2 }));

        var corrected = await Platform.Broker.HearAsync<ListingCorrected>(told => told.TicketId == listing.Id);
        corrected.ShouldBe(new ListingCorrected(listing.Id, 4, 1));
        (await ReadAsync(listing.Id)).ShouldBe(new Replica(1999, 4, 0, 1, false));
    }

    [Fact]
    public async Task An_order_keeps_the_price_at_which_it_was_placed()
    {
        var listing = await ListAsync(price: 1999);
        var order = await PlaceAsync(listing);

        await Platform.Broker.PublishAsync(new TicketUpdated(listing with { Version = 1, Price = 9999 }));
        await Eventually.HoldsAsync(async () => (await ReadAsync(listing.Id))?.Price == 9999, "the new price is known");

        (await SeeAsync(order)).ShouldBe(order);
        (await PlaceAsync(listing)).Amount.ShouldBe(99.99m);
    }

    private async Task<Replica?> ReadAsync(Guid id)
    {
        await using var connection = await Platform.OpenAsync("orders");
        return await connection.QuerySingleOrDefaultAsync<Replica>(
            "SELECT price, quantity, available, version, deleted FROM listings WHERE id = @id", new { id });
    }

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length <= 1
        ? [items]
        : items.SelectMany(first => Permutations([.. items.Where(item => item != first)]).Select(rest => (int[])[first, .. rest]));

    private sealed record Replica(long Price, int Quantity, int Available, int Version, bool Deleted);
}
