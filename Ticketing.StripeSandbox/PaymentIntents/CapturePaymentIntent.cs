namespace Ticketing.StripeSandbox.PaymentIntents;

/// <summary><c>POST /v1/payment_intents/{id}/capture</c>: takes authorized money, all of it or less; the rest is released.</summary>
internal static class CapturePaymentIntent
{
    public static PaymentIntent Handle(StripeCall call)
    {
        var (store, form, id) = call;
        form.Only("amount_to_capture", "metadata", "statement_descriptor", "statement_descriptor_suffix");
        var intent = store.Get<PaymentIntent>(id, "intent");
        if (intent.Status is not "requires_capture")
        {
            throw StripeFailure.UnexpectedState(
                $"This PaymentIntent could not be captured because it has a status of {intent.Status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.",
                intent);
        }

        var amount = form.Integer("amount_to_capture") ?? intent.AmountCapturable;
        if (amount < 1 || amount > intent.AmountCapturable)
        {
            throw StripeFailure.BadParameter(
                $"The amount to capture must be between 1 and the capturable amount of {Amounts.Show(intent.AmountCapturable, intent.Currency)}.",
                "amount_to_capture", "amount_too_large");
        }

        var charge = store.Get<Charge>(intent.LatestChargeId);
        charge.Captured = true;
        charge.AmountCaptured = amount;
        store.Put(charge);
        intent.Status = "succeeded";
        intent.AmountCapturable = 0;
        intent.AmountReceived = amount;
        store.Put(intent);
        store.Publish("payment_intent.succeeded", intent);
        return intent;
    }
}
