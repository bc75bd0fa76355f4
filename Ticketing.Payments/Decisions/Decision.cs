using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>What happened to a payment, to be told the others.</summary>
internal enum PaymentEvent
{
    None,
    Started,
    Authorized,
    Captured,
    Released,
    Failed,
}

/// <summary>A payment after a decision, and what there is to tell about one of its attempts.</summary>
internal readonly record struct Decision(Payment Payment, PaymentEvent Event = PaymentEvent.None, int Number = 0)
{
    /// <summary>The event in the form in which it is published; null when there is none.</summary>
    public object? ToMessage(DateTimeOffset now)
    {
        if (Event is PaymentEvent.None)
            return null;
        var attempt = Payment.Number(Number);
        // A failure's status tells whether this attempt was declined or its capture failed, whatever the others do.
        var status = Event is not PaymentEvent.Failed ? Payment.Status
            : attempt.State is AttemptState.Failed ? PaymentStatus.Failed
            : PaymentStatus.Pending;
        var state = new PaymentState(
            Payment.Id, Payment.OrderId, Payment.UserId, attempt.IntentId ?? "", Number, status,
            Payment.Amount, Payment.Currency, attempt.Failure, now, Payment.Version);
        return Event switch
        {
            PaymentEvent.Started => new PaymentStarted(state),
            PaymentEvent.Authorized => new PaymentAuthorized(state),
            PaymentEvent.Captured => new PaymentCaptured(state),
            PaymentEvent.Released => new PaymentReleased(state),
            _ => new PaymentFailed(state),
        };
    }
}
