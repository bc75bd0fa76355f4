using Ticketing.Contracts;
using Ticketing.Messaging;
using Ticketing.ServiceDefaults;

namespace Ticketing.Expiration;

/// <summary>
/// Starts an order's clock, moves it when a payment gives or takes time, and stops it when the order ends. What comes so late that
/// others have forgotten the order starts no clock.
/// </summary>
internal sealed class FollowOrders(HoldClocks clocks, Retention retention)
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
        var open = byEnd[false].Where(order => !retention.IsForgotten(order)).ToList();
        if (open.Count > 0)
            await clocks.SetAsync(open.Select(order => new HoldClock(order.Id, order.Version, order.ExpiresAt)));
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
