using Ticketing.StripeSandbox.Bookkeeping;
using Ticketing.StripeSandbox.Protocol;

namespace Ticketing.StripeSandbox.PaymentIntents;

/// <summary>What the card's bank does once it is asked.</summary>
internal static class Bank
{
    /// <summary>How long a bank holds authorized money: https://docs.stripe.com/payments/place-a-hold-on-a-payment-method.</summary>
    private const long AuthorizationSeconds = 7 * 24 * 60 * 60;

    /// <summary>Authorizes the money (manual capture) or takes it at once; a decline is thrown, and kept.</summary>
    public static PaymentIntent Ask(BooksTransaction books, PaymentIntent intent, PaymentMethod method)
    {
        var charge = new Charge(StripeJson.NewId("ch"), books.Now, intent.Id, method.Id, intent.Amount, intent.Currency)
        {
            Metadata = intent.Metadata,
        };
        if (method.Card.Decline is { } decline)
        {
            var error = new StripeError("card_error", decline.Message)
            {
                Code = decline.Code,
                DeclineCode = decline.DeclineCode,
                Charge = charge.Id,
            };
            books.Put(charge with { Failure = error });
            throw Refuse(books, intent with { ChargeId = charge.Id }, method, error);
        }

        var manual = intent.CaptureMethod is "manual";
        books.Put(charge with { Captured = !manual, AmountCaptured = manual ? 0 : charge.Amount });
        var charged = books.Put(intent with
        {
            Status = manual ? IntentStatus.RequiresCapture : IntentStatus.Succeeded,
            MethodId = method.Id,
            ChargeId = charge.Id,
            Challenge = null,
            LastError = null,
            AmountCapturable = manual ? intent.Amount : 0,
            AmountReceived = manual ? 0 : intent.Amount,
            AuthorizedUntil = manual ? books.Now + AuthorizationSeconds : null,
        });
        books.Publish(manual ? "payment_intent.amount_capturable_updated" : "payment_intent.succeeded",
            PaymentIntentView.Of(charged, books.Origin));
        return charged;
    }

    /// <summary>The attempt came to nothing: the intent waits for another card.</summary>
    public static StripeFailure Refuse(BooksTransaction books, PaymentIntent intent, PaymentMethod method, StripeError error)
    {
        var lastError = error with { PaymentMethod = StripeJson.Node(PaymentIntentView.Of(method)) };
        var waiting = books.Put(intent with
        {
            Status = IntentStatus.RequiresPaymentMethod,
            MethodId = null,
            Challenge = null,
            LastError = lastError,
        });
        var view = PaymentIntentView.Of(waiting, books.Origin);
        books.Publish("payment_intent.payment_failed", view);
        return new StripeFailure(402, lastError with { PaymentIntent = StripeJson.Node(view) }) { Executed = true };
    }
}
