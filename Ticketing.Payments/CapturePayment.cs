using MassTransit;
using Ticketing.Contracts;
using Ticketing.Payments.Gateway;

namespace Ticketing.Payments;

/// <summary>
/// The order is sold: the verdict for one intent, whose money is taken. Other attempts of the same payment are stopped
/// as far as they hold no money. The intention is committed here, in whatever order events come; Stripe is called after.
/// </summary>
internal sealed class CapturePayment(PaymentLedger ledger, Settler settler, ILogger<CapturePayment> logger) : IConsumer<OrderCompleted>
{
    public async Task Consume(ConsumeContext<OrderCompleted> context)
    {
        var order = context.Message.Order;
        var payment = await ledger.ApplyOrder(order, payment => Judged(payment, order.PaymentIntentId), context.CancellationToken);
        if (payment?.Attempts.Exists(attempt => attempt.IntentId == order.PaymentIntentId) is not true)
            StripeLog.UnknownVerdict(logger, order.PaymentId, order.PaymentIntentId);
        if (payment is not null)
            settler.Wake(payment.Id);
    }

    private static Decision Judged(Payment payment, string? intentId)
    {
        var verdict = intentId is null ? new Decision(payment) : PaymentDecisions.Judged(payment, intentId, capture: true);
        return verdict with { Payment = PaymentDecisions.OrderEnded(verdict.Payment).Payment };
    }
}
