using MassTransit;
using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>
/// The order was cancelled: what is not yet authorized must not become so, and its checkout page is closed. Money that is
/// already held is left alone: for it Orders gives a verdict.
/// </summary>
internal sealed class StopPayment(PaymentLedger ledger, Settler settler) : IConsumer<OrderCancelled>
{
    public async Task Consume(ConsumeContext<OrderCancelled> context)
    {
        if (await ledger.ApplyOrder(context.Message.Order, PaymentDecisions.OrderEnded, context.CancellationToken) is { } payment)
            settler.Wake(payment.Id);
    }
}
