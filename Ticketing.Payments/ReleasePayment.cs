using Ticketing.Contracts;
using Ticketing.Messaging;
using Ticketing.Payments.Gateway;

namespace Ticketing.Payments;

/// <summary>The verdict of Orders against one intent: its held money is let go.</summary>
internal sealed class ReleasePayment(PaymentLedger ledger, Settler settler, ILogger<ReleasePayment> logger) : IHandleEvents<PaymentRefused>
{
    public Task HandleAsync(IReadOnlyList<ReceivedEvent<PaymentRefused>> events, CancellationToken cancellationToken) =>
        events.HandleEachAsync(ReleaseAsync, cancellationToken);

    private async Task ReleaseAsync(PaymentRefused refused, CancellationToken cancellationToken)
    {
        var (_, paymentId, intentId, _) = refused;
        if (await ledger.Find(paymentId, cancellationToken) is not { } payment)
        {
            StripeLog.UnknownVerdict(logger, paymentId, intentId);
            return;
        }

        settler.Wake(await ledger.Change(payment, current => PaymentDecisions.Judged(current, intentId, capture: false), cancellationToken));
    }
}
