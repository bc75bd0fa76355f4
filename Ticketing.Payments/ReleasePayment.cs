using MassTransit;
using Ticketing.Contracts;
using Ticketing.Payments.Gateway;

namespace Ticketing.Payments;

/// <summary>The verdict of Orders against one intent: its held money is let go.</summary>
internal sealed class ReleasePayment(PaymentLedger ledger, Settler settler, ILogger<ReleasePayment> logger) : IConsumer<PaymentRefused>
{
    public async Task Consume(ConsumeContext<PaymentRefused> context)
    {
        var (_, paymentId, intentId, _) = context.Message;
        if (await ledger.Find(paymentId, context.CancellationToken) is null)
        {
            StripeLog.UnknownVerdict(logger, paymentId, intentId);
            return;
        }

        await ledger.Change(paymentId, payment => PaymentDecisions.Judged(payment, intentId, capture: false), context.CancellationToken);
        settler.Wake(paymentId);
    }
}
