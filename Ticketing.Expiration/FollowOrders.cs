using MassTransit;
using Ticketing.Contracts;

namespace Ticketing.Expiration;

/// <summary>Starts an order's clock, moves it when a payment gives or takes time, and stops it when the order ends.</summary>
internal sealed class FollowOrders(HoldClocks clocks)
    : IConsumer<OrderCreated>, IConsumer<OrderAwaitingPayment>, IConsumer<OrderCancelled>, IConsumer<OrderCompleted>
{
    public Task Consume(ConsumeContext<OrderCreated> context) => FollowAsync(context.Message.Order, context.CancellationToken);

    public Task Consume(ConsumeContext<OrderAwaitingPayment> context) => FollowAsync(context.Message.Order, context.CancellationToken);

    public Task Consume(ConsumeContext<OrderCancelled> context) => FollowAsync(context.Message.Order, context.CancellationToken);

    public Task Consume(ConsumeContext<OrderCompleted> context) => FollowAsync(context.Message.Order, context.CancellationToken);

    // By the order's own state, whichever event brought it: it is told whole.
    private Task FollowAsync(OrderState order, CancellationToken cancellationToken) => order.Status switch
    {
        OrderStatus.Created or OrderStatus.AwaitingPayment => clocks.SetAsync(order.Id, order.Version, order.ExpiresAt, cancellationToken),
        OrderStatus.Complete or OrderStatus.Cancelled => clocks.StopAsync(order.Id, cancellationToken),
        _ => throw new ArgumentException($"Order {order.Id} has the unknown status '{order.Status}'.", nameof(order)),
    };
}
