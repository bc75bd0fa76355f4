namespace Ticketing.StripeSandbox.PaymentIntents;

/// <summary><c>POST /v1/refunds</c> of a captured charge, all of it or a part.</summary>
internal static class CreateRefund
{
    public static Refund Handle(StripeCall call)
    {
        var (store, form, _) = call;
        form.Only("payment_intent", "amount", "reason", "metadata");
        var intent = store.Get<PaymentIntent>(form.Required("payment_intent"), "payment_intent");
        if (store.Find<Charge>(intent.LatestChargeId) is not { Paid: true } charge)
            throw Refused($"This PaymentIntent ({intent.Id}) does not have a successful charge to refund.");
        if (!charge.Captured)
            throw Refused($"Charge {charge.Id} has not been captured; cancel its PaymentIntent instead.", "charge_not_refundable");
        var left = charge.AmountCaptured - charge.AmountRefunded;
        if (left == 0)
            throw Refused($"Charge {charge.Id} has already been refunded.", "charge_already_refunded");
        var amount = form.Integer("amount") ?? left;
        if (amount < 1)
            throw StripeFailure.BadParameter("Invalid positive integer", "amount", "parameter_invalid_integer");
        if (amount > left)
        {
            throw StripeFailure.BadParameter(
                $"Refund amount ({Amounts.Show(amount, charge.Currency)}) is greater than unrefunded amount on charge ({Amounts.Show(left, charge.Currency)})",
                "amount");
        }

        var refund = store.Put(new Refund
        {
            Id = StripeId.New<Refund>(),
            Amount = amount,
            ChargeId = charge.Id,
            Created = store.Now,
            Currency = charge.Currency,
            Metadata = form.Map("metadata"),
            PaymentIntentId = charge.PaymentIntentId,
            Reason = form.OneOf("reason", "duplicate", "fraudulent", "requested_by_customer"),
            Status = "succeeded",
        });
        charge.AmountRefunded += amount;
        charge.Refunded = amount == left;
        store.Put(charge);
        store.Publish("charge.refunded", charge);
        return refund;
    }

    private static StripeFailure Refused(string message, string? code = null) =>
        new(400, StripeFailure.Invalid(400, message, code).Error) { Executed = true };
}
