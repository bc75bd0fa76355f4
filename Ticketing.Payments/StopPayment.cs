using MassTransit;
using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>
/// The order was cancelled: what is not yet authorized must not become so, and its checkout page is closed. Money that is
/// already held is left alone: for it Orders gives a verdict.
/// </summary>
internal sealed class StopPayment(OrderNotes notes, PaymentLedger ledger, Settler settler) : IConsumer<OrderCancelled>
{
    public async Task Consume(ConsumeContext<OrderCancelled> context)
    {
        var order = context.Message.Order;
        // Most orders that end so were never paid.
        if (await notes.Take(order, context.CancellationToken)
            && await ledger.ApplyOrder(order, PaymentDecisions.OrderEnded, context.CancellationToken) is { } payment)
            settler.Wake(payment.Id);
    }
}
