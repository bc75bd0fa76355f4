using Ticketing.StripeSandbox.Bookkeeping;
using Ticketing.StripeSandbox.Protocol;

namespace Ticketing.StripeSandbox.PaymentIntents;

/// <summary><c>POST /v1/payment_intents/{id}/cancel</c>: nothing more can be got with it, and authorized money is let go.</summary>
internal static class CancelPaymentIntent
{
    public static object Handle(StripeCall call)
    {
        var (books, form) = (call.Books, call.Form);
        form.Only("cancellation_reason");
        var reason = form.Has("cancellation_reason")
            ? form.OneOf("cancellation_reason", "", "duplicate", "fraudulent", "requested_by_customer", "abandoned")
            : null;
        var intent = RetrievePaymentIntent.Find(call);
        if (intent.Ended)
        {
            throw StripeFailure.UnexpectedState(
                $"You cannot cancel this PaymentIntent because it has a status of {intent.Status}. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, requires_action, processing.",
                StripeJson.Node(PaymentIntentView.Of(intent, books.Origin)));
        }

        if (intent.SessionId is { } id && books.Find<CheckoutSession>(id) is { Status: "open" })
        {
            throw StripeFailure.UnexpectedState(
                "You cannot cancel this PaymentIntent because its Checkout Session is open. Expire the Checkout Session instead.");
        }

        return PaymentIntentView.Of(Cancel(books, intent, reason), books.Origin);
    }

    public static PaymentIntent Cancel(BooksTransaction books, PaymentIntent intent, string? reason)
    {
        if (intent.Status == IntentStatus.RequiresCapture)
            books.Put(books.Find<Charge>(intent.ChargeId!)! with { Voided = true });
        var canceled = books.Put(intent with
        {
            Status = IntentStatus.Canceled,
            AmountCapturable = 0,
            Challenge = null,
            AuthorizedUntil = null,
            CanceledAt = books.Now,
            CancellationReason = reason,
        });
        books.Publish("payment_intent.canceled", PaymentIntentView.Of(canceled, books.Origin));
        return canceled;
    }
}
