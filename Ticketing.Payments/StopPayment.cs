using Ticketing.Contracts;
using Ticketing.Messaging;

namespace Ticketing.Payments;

/// <summary>
/// The order was cancelled: what is not yet authorized must not become so, and its checkout page is closed. Money that is
/// already held is left alone: for it Orders gives a verdict.
/// </summary>
internal sealed class StopPayment(PaymentLedger ledger, Settler settler) : IHandleEvents<OrderCancelled>
{
    public async Task HandleAsync(IReadOnlyList<ReceivedEvent<OrderCancelled>> events, CancellationToken cancellationToken)
    {
        var payments = await ledger.TakeNews(
            [.. events.Select(cancelled => OrderNews.Of(cancelled.Event.Order, cancelled.TraceParent))], PaymentDecisions.OrderEnded, cancellationToken);
        foreach (var payment in payments)
            settler.Wake(payment);
    }
}
