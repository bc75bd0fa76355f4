using Ticketing.Contracts;
using Ticketing.Messaging;
using Ticketing.Payments.Gateway;

namespace Ticketing.Payments;

/// <summary>
/// The order is sold: the verdict for one intent, whose money is taken. Other attempts of the same payment are stopped
/// as far as they hold no money. The intention is committed here, in whatever order events come; Stripe is called after.
/// </summary>
internal sealed class CapturePayment(PaymentLedger ledger, Settler settler, ILogger<CapturePayment> logger) : IHandleEvents<OrderCompleted>
{
    public Task HandleAsync(IReadOnlyList<ReceivedEvent<OrderCompleted>> events, CancellationToken cancellationToken) =>
        events.HandleEachAsync((completed, token) => CaptureAsync(completed.Order, token), cancellationToken);

    private async Task CaptureAsync(OrderState order, CancellationToken cancellationToken)
    {
        var payment = await ledger.ApplyOrder(order, payment => Judged(payment, order.PaymentIntentId), cancellationToken);
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
