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
    public async Task HandleAsync(IReadOnlyList<ReceivedEvent<OrderCompleted>> events, CancellationToken cancellationToken)
    {
        var orders = events.Select(completed => completed.Event.Order).GroupBy(order => order.Id)
            .ToDictionary(told => told.Key, told => told.MaxBy(order => order.Version)!);
        var payments = (await ledger.TakeNews(
            [.. events.Select(completed => OrderNews.Of(completed.Event.Order, completed.TraceParent))],
            payment => Judged(payment, orders[payment.OrderId].PaymentIntentId),
            cancellationToken)).ToDictionary(payment => payment.OrderId);
        foreach (var order in orders.Values)
        {
            var payment = payments.GetValueOrDefault(order.Id);
            if (payment?.Attempts.Exists(attempt => attempt.IntentId == order.PaymentIntentId) is not true)
                StripeLog.UnknownVerdict(logger, order.PaymentId, order.PaymentIntentId);
            if (payment is not null)
                settler.Wake(payment);
        }
    }

    private static Decision Judged(Payment payment, string? intentId)
    {
        var verdict = intentId is null ? new Decision(payment) : PaymentDecisions.Judged(payment, intentId, capture: true);
        return verdict with { Payment = PaymentDecisions.OrderEnded(verdict.Payment).Payment };
    }
}
