using Ticketing.StripeSandbox.Bookkeeping;
using Ticketing.StripeSandbox.PaymentIntents;
using Ticketing.StripeSandbox.Protocol;

namespace Ticketing.StripeSandbox.Refunds;

/// <summary><c>POST /v1/refunds</c> of a captured charge, all of it or a part.</summary>
internal static class CreateRefund
{
    public static object Handle(StripeCall call)
    {
        var (books, form) = (call.Books, call.Form);
        form.Only("payment_intent", "charge", "amount", "reason", "metadata");
        var charge = Charged(books, form);
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

        var refund = books.Put(new Refund(StripeJson.NewId("re"), books.Now, charge.Id, charge.IntentId, amount, charge.Currency)
        {
            Reason = form.Has("reason") ? form.OneOf("reason", "", "duplicate", "fraudulent", "requested_by_customer") : null,
            Metadata = form.Map("metadata"),
        });
        var refunded = books.Put(charge with { AmountRefunded = charge.AmountRefunded + amount });
        books.Publish("charge.refunded", PaymentIntentView.Of(refunded));
        return RetrieveRefund.View(refund);
    }

    private static Charge Charged(BooksTransaction books, StripeForm form)
    {
        if (form.Text("charge") is { } chargeId)
            return books.Find<Charge>(chargeId) ?? throw StripeFailure.NoSuch("charge", chargeId, "charge");
        var intentId = form.Text("payment_intent") ?? throw new StripeFailure(400, new("invalid_request_error",
            "One of the following params should be provided for this request: payment_intent or charge."));
        var intent = books.Find<PaymentIntent>(intentId) ?? throw StripeFailure.NoSuch("payment_intent", intentId, "payment_intent");
        return intent.ChargeId is { } id && books.Find<Charge>(id) is { Failure: null } charge ? charge
            : throw Refused($"This PaymentIntent ({intent.Id}) does not have a successful charge to refund.", null);
    }

    private static StripeFailure Refused(string message, string? code) =>
        new(400, new("invalid_request_error", message) { Code = code }) { Executed = true };
}
