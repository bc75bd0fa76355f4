using Ticketing.StripeSandbox.Bookkeeping;
using Ticketing.StripeSandbox.Protocol;

namespace Ticketing.StripeSandbox.PaymentIntents;

/// <summary><c>POST /v1/payment_intents/{id}/capture</c>: takes authorized money, all of it or less; the rest is let go.</summary>
internal static class CapturePaymentIntent
{
    public static object Handle(StripeCall call)
    {
        var (books, form) = (call.Books, call.Form);
        form.Only("amount_to_capture", "metadata", "statement_descriptor", "statement_descriptor_suffix");
        var intent = RetrievePaymentIntent.Find(call);
        if (intent.Status != IntentStatus.RequiresCapture)
        {
            throw StripeFailure.UnexpectedState(
                $"This PaymentIntent could not be captured because it has a status of {intent.Status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.",
                StripeJson.Node(PaymentIntentView.Of(intent, books.Origin)));
        }

        var amount = form.Integer("amount_to_capture") ?? intent.AmountCapturable;
        if (amount < 1 || amount > intent.AmountCapturable)
        {
            throw StripeFailure.BadParameter(
                $"The amount to capture must be between 1 and the capturable amount of {Amounts.Show(intent.AmountCapturable, intent.Currency)}.",
                "amount_to_capture", "amount_too_large");
        }

        books.Put(books.Find<Charge>(intent.ChargeId!)! with { Captured = true, AmountCaptured = amount });
        var captured = books.Put(intent with
        {
            Status = IntentStatus.Succeeded,
            AmountCapturable = 0,
            AmountReceived = amount,
            AuthorizedUntil = null,
        });
        var view = PaymentIntentView.Of(captured, books.Origin);
        books.Publish("payment_intent.succeeded", view);
        return view;
    }
}
