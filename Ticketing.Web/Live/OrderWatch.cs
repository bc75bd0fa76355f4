using System.Net;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Web.Services;

namespace Ticketing.Web.Live;

/// <summary>How an order stands for its buyer: Orders says it, and Payments what became of the money unless it is paid.</summary>
internal sealed class OrderWatch(OrdersClient orders, PaymentsClient payments, TimeProvider time)
{
    /// <summary>
    /// For how long a page waits for a payment: who comes back from the payment page was overtaken by its news, most of the time
    /// not for longer; and if Payments does not say more in that time, the page comes without it.
    /// </summary>
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
        var (payment, certain) = order.Status == OrderStatus.Complete ? (null, true) : await FindPaymentAsync(order.Id, cancellationToken);
        return OrderView.Of(order, payment, certain, time.GetUtcNow(), cameBack);
    }

    /// <summary>
    /// The order's payment, and whether Payments said so. Without it the page says what Orders knows: the countdown does not wait
    /// for Payments.
    /// </summary>
    private async Task<(PaymentResponse? Payment, bool Certain)> FindPaymentAsync(Guid orderId, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await payments.GetAsync(orderId, cancellationToken).WaitAsync(Patience, time, cancellationToken);
            return (answer.Value, answer.Ok || answer.Status is HttpStatusCode.NotFound);
        }
        catch (Exception silent) when (silent is ServiceDownException or TimeoutException)
        {
            return (null, false);
        }
    }
}
