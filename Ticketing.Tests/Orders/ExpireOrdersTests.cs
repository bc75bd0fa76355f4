using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Orders;

public sealed class ExpireOrdersTests(OrdersFixture fixture) : OrdersTests(fixture)
{
    [Fact]
    public async Task A_hold_that_is_due_ends_and_its_tickets_are_free_again()
    {
        var listing = await ListAsync(quantity: 2);
        var order = await PlaceAsync(listing, 2);
        (order.ExpiresAt - order.CreatedAt).ShouldBe(TimeSpan.FromSeconds(60));

        // Due, but not so long overdue that the sweep would end it.
        Platform.Clock.Turn(TimeSpan.FromSeconds(60.5));
        await Platform.Broker.PublishAsync(new ExpirationComplete([order.Id]));

        await BecomesAsync(order, OrderStatus.Cancelled);
        (await SeeAsync(order)).Reason.ShouldBe(CancelReason.Expired);
        (await AvailableAsync(listing.Id)).ShouldBe(2);
        (await Platform.Broker.HearAsync<OrderCancelled>(cancelled => cancelled.Order.Id == order.Id))
            .Order.Reason.ShouldBe(CancelReason.Expired);
    }

    [Fact]
    public async Task A_message_that_comes_too_early_ends_nothing()
    {
        var early = await PlaceAsync(await ListAsync());
        Platform.Clock.Turn(TimeSpan.FromSeconds(30));
        var witness = await PlaceAsync(await ListAsync());

        await Platform.Broker.PublishAsync(new ExpirationComplete([early.Id, Guid.CreateVersion7()]));
        await Platform.Broker.PublishAsync(new PaymentAuthorized(Payment(witness, PaymentStatus.Authorized, 1)));
        await BecomesAsync(witness, OrderStatus.Complete);

        (await SeeAsync(early)).Status.ShouldBe(OrderStatus.Created);
    }

    [Fact]
    public async Task Holds_whose_message_never_comes_are_swept()
    {
        var listing = await ListAsync(quantity: 10);
        var orders = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PlaceAsync(listing)));

        Platform.Clock.Turn(TimeSpan.FromSeconds(62.5));

        await Eventually.BecomesAsync(() => AvailableAsync(listing.Id), 10);
        foreach (var order in orders)
            (await SeeAsync(order)).Reason.ShouldBe(CancelReason.Expired);
    }

    [Fact]
    public async Task Duplicated_messages_free_the_tickets_once()
    {
        var listing = await ListAsync(quantity: 5);
        var other = await PlaceAsync(listing, 2);
        var orders = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => PlaceAsync(listing)));
        await Platform.Broker.PublishAsync(new PaymentAuthorized(Payment(other, PaymentStatus.Authorized, 1)));
        await BecomesAsync(other, OrderStatus.Complete);
        Platform.Clock.Turn(TimeSpan.FromSeconds(61));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            Platform.Broker.PublishAsync(new ExpirationComplete([.. orders.Select(order => order.Id), other.Id]))));

        await Eventually.BecomesAsync(() => AvailableAsync(listing.Id), 3);
        foreach (var order in orders)
            (await SeeAsync(order)).Version.ShouldBe(1);
        (await SeeAsync(other)).Status.ShouldBe(OrderStatus.Complete);
    }

    [Fact]
    public async Task Batches_that_share_listings_do_not_deadlock()
    {
        var listings = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ListAsync(quantity: 20)));
        var orders = await Task.WhenAll(listings.SelectMany(listing => Enumerable.Range(0, 20).Select(_ => PlaceAsync(listing))));
        Platform.Clock.Turn(TimeSpan.FromSeconds(61));

        var shuffled = orders.OrderBy(order => order.Id.GetHashCode()).Chunk(8);
        await Task.WhenAll(shuffled.Select(chunk =>
            Platform.Broker.PublishAsync(new ExpirationComplete([.. chunk.Select(order => order.Id)]))));

        foreach (var listing in listings)
            await Eventually.BecomesAsync(() => AvailableAsync(listing.Id), 20);
    }
}
