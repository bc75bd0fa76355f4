using System.Net;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Orders;

public sealed class CancelOrderTests(OrdersFixture fixture) : OrdersTests(fixture)
{
    [Fact]
    public async Task A_cancelled_orders_tickets_can_be_ordered_by_somebody_else()
    {
        var listing = await ListAsync(quantity: 2);
        var order = await PlaceAsync(listing, 2);

        (await CancelAsync(order)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await AvailableAsync(listing.Id)).ShouldBe(2);
        var told = await Platform.Broker.HearAsync<OrderCancelled>(cancelled => cancelled.Order.Id == order.Id);
        told.Order.Reason.ShouldBe(CancelReason.Buyer);
        told.Order.Version.ShouldBe(1);
        await PlaceAsync(listing, 2);
    }

    [Fact]
    public async Task Cancelling_again_is_204_and_frees_nothing_twice()
    {
        var listing = await ListAsync(quantity: 2);
        var order = await PlaceAsync(listing);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => CancelAsync(order)));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.NoContent);
        (await AvailableAsync(listing.Id)).ShouldBe(2);
        (await SeeAsync(order)).Version.ShouldBe(1);
    }

    [Fact]
    public async Task Cancelling_an_expired_order_makes_it_final()
    {
        var listing = await ListAsync(quantity: 1);
        var order = await PlaceAsync(listing);
        await ExpireAsync(order);

        (await CancelAsync(order)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Platform.Broker.PublishAsync(new PaymentAuthorized(Payment(order, PaymentStatus.Authorized, 1)));

        (await Platform.Broker.HearAsync<PaymentRefused>(refused => refused.OrderId == order.Id)).Reason.ShouldBe("cancelled");
        (await AvailableAsync(listing.Id)).ShouldBe(1);
    }

    [Fact]
    public async Task A_paid_order_cannot_be_cancelled()
    {
        var order = await PlaceAsync(await ListAsync());
        await Platform.Broker.PublishAsync(new PaymentAuthorized(Payment(order, PaymentStatus.Authorized, 1)));
        await BecomesAsync(order, OrderStatus.Complete);

        await (await CancelAsync(order)).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Other_peoples_unknown_and_malformed_orders_are_refused()
    {
        var listing = await ListAsync(quantity: 1);
        var order = await PlaceAsync(listing);
        using var stranger = Orders.As(Guid.CreateVersion7());
        using var nobody = Orders.Anonymous();

        await (await CancelAsync(order, by: Guid.CreateVersion7())).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        await (await stranger.DeleteAsync($"/api/orders/{Guid.CreateVersion7()}")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await stranger.DeleteAsync("/api/orders/no-id")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await nobody.DeleteAsync("/api/orders/no-id")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        (await SeeAsync(order)).Status.ShouldBe(OrderStatus.Created);
        (await AvailableAsync(listing.Id)).ShouldBe(0);
    }
}
