using Ticketing.Contracts;
using Ticketing.Messaging;

namespace Ticketing.Expiration;

/// <summary>Starts an order's clock, moves it when a payment gives or takes time, and stops it when the order ends.</summary>
internal sealed class FollowOrders(HoldClocks clocks)
    : IHandleEvents<OrderCreated>, IHandleEvents<OrderPaymentStateChanged>, IHandleEvents<OrderCancelled>, IHandleEvents<OrderCompleted>
{
    public Task HandleAsync(IReadOnlyList<ReceivedEvent<OrderCreated>> events, CancellationToken cancellationToken) =>
        FollowAsync(events.Select(created => created.Event.Order));

    public Task HandleAsync(IReadOnlyList<ReceivedEvent<OrderPaymentStateChanged>> events, CancellationToken cancellationToken) =>
        FollowAsync(events.Select(changed => changed.Event.Order));

    public Task HandleAsync(IReadOnlyList<ReceivedEvent<OrderCancelled>> events, CancellationToken cancellationToken) =>
        FollowAsync(events.Select(cancelled => cancelled.Event.Order));

    public Task HandleAsync(IReadOnlyList<ReceivedEvent<OrderCompleted>> events, CancellationToken cancellationToken) =>
        FollowAsync(events.Select(completed => completed.Event.Order));

    // By the orders' own states, whichever events brought them: they are told whole.
    private async Task FollowAsync(IEnumerable<OrderState> orders)
    {
        var byEnd = orders.ToLookup(HasEnded);
        if (byEnd[false].Any())
            await clocks.SetAsync(byEnd[false].Select(order => new HoldClock(order.Id, order.Version, order.ExpiresAt)));
        if (byEnd[true].Any())
            await clocks.StopAsync(byEnd[true].Select(order => order.Id));
    }

    private static bool HasEnded(OrderState order) => order.Status switch
    {
        OrderStatus.Created or OrderStatus.AwaitingPayment => false,
        OrderStatus.Complete or OrderStatus.Cancelled => true,
        _ => throw new ArgumentException($"Order {order.Id} has the unknown status '{order.Status}'.", nameof(order)),
    };
}
