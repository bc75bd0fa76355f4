using Stripe.Checkout;

namespace Ticketing.StripeSandbox.PaymentIntents;

/// <summary><c>POST /v1/payment_intents/{id}/cancel</c>: no card can be tried any more, and authorized money is released.</summary>
internal static class CancelPaymentIntent
{
    public static PaymentIntent Handle(StripeCall call)
    {
        var (store, form, id) = call;
        form.Only("cancellation_reason");
        var reason = form.OneOf("cancellation_reason", "duplicate", "fraudulent", "requested_by_customer", "abandoned");
        var intent = store.Get<PaymentIntent>(id, "intent");
        if (intent.Status is "succeeded" or "canceled")
        {
            throw StripeFailure.UnexpectedState(
                $"You cannot cancel this PaymentIntent because it has a status of {intent.Status}. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, requires_action, processing.",
                intent);
        }

        if (store.Find<Session>(intent.PaymentDetails?.OrderReference) is { Status: "open" })
        {
            throw StripeFailure.UnexpectedState(
                "You cannot cancel this PaymentIntent because its Checkout Session is open. Expire the Checkout Session instead.", intent);
        }

        return Cancel(store, intent, reason);
    }

    public static PaymentIntent Cancel(SandboxTransaction store, PaymentIntent intent, string? reason)
    {
        if (intent.Status is "requires_capture")
        {
            var charge = store.Get<Charge>(intent.LatestChargeId);
            charge.Refunded = true;
            store.Put(charge);
        }

        intent.Status = "canceled";
        intent.AmountCapturable = 0;
        intent.NextAction = null;
        intent.CanceledAt = store.Now;
        intent.CancellationReason = reason;
        store.Put(intent);
        store.Publish("payment_intent.canceled", intent);
        return intent;
    }
}
