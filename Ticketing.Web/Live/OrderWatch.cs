using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Web.Services;

namespace Ticketing.Web.Live;

/// <summary>How an order stands for its buyer: Orders says it, and while a payment may be under way Payments too.</summary>
internal sealed class OrderWatch(OrdersClient orders, PaymentsClient payments, TimeProvider time)
{
    /// <summary>Who comes back from the payment page was overtaken by its news, most of the time not for longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    /// <summary>The order; and of one that was just paid, as soon as that is decided or <see cref="Patience"/> is at an end.</summary>
    public async Task<ServiceAnswer<OrderResponse>> GetAsync(Guid id, bool cameBack, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var order = await orders.GetAsync(id, cancellationToken);
        while (cameBack && order.Value?.Status is OrderStatus.Created or OrderStatus.AwaitingPayment && time.GetElapsedTime(started) < Patience)
        {
            await Task.Delay(Pause, time, cancellationToken);
            order = await orders.GetAsync(id, cancellationToken);
        }
        return order;
    }

    /// <summary>What to show of it.</summary>
    public async Task<OrderView> ViewAsync(OrderResponse order, bool cameBack, CancellationToken cancellationToken)
    {
        // A first card may have been refused while the order is back in its first state.
        var payment = order.Status is OrderStatus.Created or OrderStatus.AwaitingPayment
            // Without it the page says what Orders knows: the countdown does not wait for Payments.
            ? await payments.GetAsync(order.Id, cancellationToken).IfThereAsync()
            : null;
        return OrderView.Of(order, payment, time.GetUtcNow(), cameBack);
    }
}
