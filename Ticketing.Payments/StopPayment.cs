using Ticketing.Contracts;
using Ticketing.Messaging;

namespace Ticketing.Payments;

/// <summary>
/// The order was cancelled: what is not yet authorized must not become so, and its checkout page is closed. Money that is
/// already held is left alone: for it Orders gives a verdict.
/// </summary>
internal sealed class StopPayment(OrderNotes notes, PaymentLedger ledger, Settler settler) : IHandleEvents<OrderCancelled>
{
    public async Task HandleAsync(IReadOnlyList<ReceivedEvent<OrderCancelled>> events, CancellationToken cancellationToken)
    {
        var paid = await notes.Take([.. events.Select(cancelled => OrderNews.Of(cancelled.Event.Order, cancelled.TraceParent))], cancellationToken);
        // Most orders that end so were never paid.
        await events.Where(cancelled => paid.Contains(cancelled.Event.Order.Id)).ToList()
            .HandleEachAsync((cancelled, token) => StopAsync(cancelled.Order, token), cancellationToken);
    }

    private async Task StopAsync(OrderState order, CancellationToken cancellationToken)
    {
        if (await ledger.ApplyOrder(order, PaymentDecisions.OrderEnded, cancellationToken) is { } payment)
            settler.Wake(payment.Id);
    }
}
