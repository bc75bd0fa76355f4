using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tickets;
using Xunit;

namespace Ticketing.Tests.Tickets;

public sealed class TrackReservationsTests(TicketsFixture fixture) : TicketsTests(fixture)
{
    /// <summary>As many as replicas of the service would have.</summary>
    private readonly ReservationLedger[] ledgers =
        [.. Enumerable.Range(0, 4).Select(_ => ActivatorUtilities.CreateInstance<ReservationLedger>(fixture.Tickets.Services))];

    /// <summary>
    /// Every event of Orders that Tickets hears in the longest life an order can have: held, expired, paid late after
    /// all, and the capture failed. (Version 1, a payment under way, is nothing to Tickets.)
    /// </summary>
    private static readonly (string Status, int Version)[] Life =
        [(OrderStatus.Created, 0), (OrderStatus.Cancelled, 2), (OrderStatus.Complete, 3), (OrderStatus.Cancelled, 4)];

    [Fact]
    public async Task What_an_order_does_shows_at_its_listing()
    {
        var listing = await ListAsync(quantity: 10);

        var order = await HoldAsync(listing, 3);
        (await SeeAsync(listing)).ShouldBe(listing with { Available = 7 });
        await SellAsync(order);
        (await SeeAsync(listing)).ShouldBe(listing with { Available = 7 });
        await FreeAsync(order with { Version = 1 });
        (await SeeAsync(listing)).ShouldBe(listing);
    }

    [Fact]
    public async Task The_order_is_named_only_while_a_single_ticket_is_reserved()
    {
        var single = await ListAsync(quantity: 1);
        var order = await HoldAsync(single);
        (await SeeAsync(single)).ShouldBe(single with { Available = 0, OrderId = order.Id });
        await FreeAsync(order);
        (await SeeAsync(single)).OrderId.ShouldBeNull();

        var next = await HoldAsync(single);
        (await SeeAsync(single)).OrderId.ShouldBe(next.Id);
        await SellAsync(next);
        (await SeeAsync(single)).OrderId.ShouldBeNull();

        var several = await ListAsync(quantity: 2);
        await HoldAsync(several);
        (await SeeAsync(several)).OrderId.ShouldBeNull();
    }

    [Fact]
    public async Task Every_order_of_every_part_of_its_events_ends_in_the_newest_state()
    {
        var listing = await ListAsync(quantity: 1_000);
        var expected = (Held: 0, Sold: 0);
        foreach (var heard in Subsets(Life).SelectMany(Permutations))
        {
            var id = Guid.CreateVersion7();
            // Each comes twice: at once, and again when all are through.
            foreach (var (status, version) in heard.SelectMany(@event => new[] { @event, @event }).Concat(heard))
                await ApplyAsync(Order(listing.Id, status, version, 2, id));

            var newest = heard.MaxBy(@event => @event.Version).Status;
            expected.Held += newest == OrderStatus.Created ? 2 : 0;
            expected.Sold += newest == OrderStatus.Complete ? 2 : 0;
            (await TotalsAsync(listing.Id)).ShouldBe(expected, $"after {string.Join(", ", heard)}");
        }
        expected.Sold.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Events_of_one_order_handled_by_several_replicas_at_once_end_in_the_same_state()
    {
        var listing = await ListAsync(quantity: 1_000);
        for (var i = 0; i < 100; i++)
        {
            var id = Guid.CreateVersion7();
            var events = Life.Take(3).Select(step => Order(listing.Id, step.Status, step.Version, 3, id)).ToArray();
            Random.Shared.Shuffle(events);
            await Task.WhenAll(events.Select((order, replica) => ledgers[replica].EnterAsync([order], CancellationToken.None)));
        }

        (await TotalsAsync(listing.Id)).ShouldBe((0, 300));
    }

    [Fact]
    public async Task Events_delivered_in_disorder_by_the_broker_end_in_the_same_state()
    {
        var listing = await ListAsync(quantity: 1_000);
        var events = (from id in Enumerable.Range(0, 50).Select(_ => Guid.CreateVersion7()).ToArray()
                      from step in Life
                      select Order(listing.Id, step.Status, step.Version, 1, id)).ToArray();
        Random.Shared.Shuffle(events);

        await Task.WhenAll(events.Select(order => Platform.Broker.PublishAsync(order.Status switch
        {
            OrderStatus.Created => new OrderCreated(order),
            OrderStatus.Complete => new OrderCompleted(order),
            _ => new OrderCancelled(order),
        })));

        await Eventually.HoldsAsync(
            async () => (await Task.WhenAll(events.Select(order => StateAsync(order.Id)))).All(state => state == "freed"),
            "all orders are through");
        (await TotalsAsync(listing.Id)).ShouldBe((0, 0));
        (await SeeAsync(listing)).Available.ShouldBe(1_000);
    }

    [Fact]
    public async Task One_that_cannot_be_entered_does_not_take_the_others_with_it()
    {
        var listings = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ListAsync(quantity: 100)));
        var good = Enumerable.Range(0, 60).Select(i => Order(listings[i % 3].Id, OrderStatus.Created, 0)).ToArray();
        var bad = Order(listings[0].Id, OrderStatus.Created, 0, quantity: 0);

        await Platform.Broker.PublishTogetherAsync([.. good.Append(bad).Select(order => new OrderCreated(order))]);

        await Eventually.BecomesAsync(() => Platform.QueueDepthAsync($"{Topology.TicketsOrders}_error"), 1u);
        foreach (var listing in listings)
            (await TotalsAsync(listing.Id)).ShouldBe((20, 0));
    }

    [Fact]
    public async Task An_order_of_an_unknown_listing_is_remembered()
    {
        var order = Order(Guid.CreateVersion7(), OrderStatus.Created, 0);
        await ApplyAsync(order);
        await ApplyAsync(order with { Status = OrderStatus.Complete, Version = 2 });
        await ApplyAsync(order);

        (await StateAsync(order.Id)).ShouldBe("sold");
    }

    [Fact]
    public async Task More_orders_than_tickets_show_as_none_left()
    {
        var listing = await ListAsync(quantity: 1);
        await ApplyAsync(Order(listing.Id, OrderStatus.Created, 0));
        await ApplyAsync(Order(listing.Id, OrderStatus.Created, 0));

        (await SeeAsync(listing)).ShouldBe(listing with { Available = 0 });
    }

    [Fact]
    public async Task An_edit_and_a_reservation_at_the_same_time_both_keep_their_promise()
    {
        for (var i = 0; i < 20; i++)
        {
            var listing = await ListAsync(quantity: 5);
            var edit = PutAsync(listing, new { quantity = 3 });
            var hold = ApplyAsync(Order(listing.Id, OrderStatus.Created, 0, 2));
            await Task.WhenAll(edit, hold);

            var seen = await SeeAsync(listing);
            seen.Quantity.ShouldBe((await edit).IsSuccessStatusCode ? 3 : 5);
            seen.Available.ShouldBe(seen.Quantity - 2);
            (await TotalsAsync(listing.Id)).ShouldBe((2, 0));
        }
    }

    [Fact]
    public async Task What_an_older_version_left_empty_is_filled_in_and_booked_once()
    {
        var listing = await ListAsync(quantity: 10);
        var sold = Order(listing.Id, OrderStatus.Complete, 2, 3);
        await using var connection = await Platform.OpenAsync("tickets");
        await connection.ExecuteAsync(
            """
            INSERT INTO reservations (order_id, ticket_id, quantity, state, version) VALUES (@Id, @TicketId, 3, 'sold', 2);
            UPDATE tickets SET sold = 3 WHERE id = @TicketId;
            """,
            sold);

        for (var times = 0; times < 3; times++)
            await ApplyAsync(sold);

        (await TotalsAsync(listing.Id)).ShouldBe((0, 3));
        (await connection.QuerySingleAsync<(Guid, long, string, DateTime)>(
            "SELECT user_id, amount, currency, sold_at FROM reservations WHERE order_id = @Id", sold))
            .ShouldBe((sold.UserId, 3 * 1999, "usd", sold.CompletedAt!.Value.UtcDateTime));
    }

    private Task ApplyAsync(OrderState order) =>
        Random.Shared.GetItems(ledgers, 1)[0].EnterAsync([order], CancellationToken.None);

    private static IEnumerable<T[]> Subsets<T>(T[] all) =>
        from mask in Enumerable.Range(1, (1 << all.Length) - 1)
        select all.Where((_, index) => (mask & (1 << index)) != 0).ToArray();

    private static IEnumerable<T[]> Permutations<T>(T[] all) => all.Length == 0
        ? [[]]
        : all.SelectMany((first, index) => Permutations<T>([.. all[..index], .. all[(index + 1)..]]).Select(rest => (T[])[first, .. rest]));
}
