using Ticketing.StripeSandbox.Bookkeeping;
using Ticketing.StripeSandbox.Protocol;

namespace Ticketing.StripeSandbox.PaymentIntents;

/// <summary><c>POST /v1/payment_intents/{id}/confirm</c>: an attempt to get the money with a card.</summary>
internal static class ConfirmPaymentIntent
{
    public static object Handle(StripeCall call)
    {
        call.Form.Only("payment_method", "payment_method_data", "payment_method_options", "payment_method_types", "return_url",
            "receipt_email", "off_session", "capture_method", "setup_future_usage", "use_stripe_sdk", "mandate_data");
        var intent = RetrievePaymentIntent.Find(call);
        if (intent.SessionId is not null)
        {
            throw StripeFailure.UnexpectedState(
                "You cannot confirm this PaymentIntent because it was created by Checkout. It is confirmed by the Checkout Session's page.");
        }

        return PaymentIntentView.Of(Confirm(call.Books, intent, call.Form), call.Books.Origin);
    }

    public static PaymentIntent Confirm(BooksTransaction books, PaymentIntent intent, StripeForm form)
    {
        if (intent.Ended || intent.Status == IntentStatus.RequiresCapture)
        {
            throw StripeFailure.UnexpectedState(intent.Status == IntentStatus.Canceled
                ? "You cannot confirm this PaymentIntent because it has a status of canceled. Only a PaymentIntent with one of the following statuses may be confirmed: requires_payment_method, requires_confirmation, requires_action."
                : "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.",
                StripeJson.Node(PaymentIntentView.Of(intent, books.Origin)));
        }

        var returnUrl = form.Text("return_url");
        if (returnUrl is not null && !Uri.TryCreate(returnUrl, UriKind.Absolute, out _))
            throw StripeFailure.BadParameter("Not a valid URL", "return_url", "url_invalid");
        if (intent.AutomaticMethods && returnUrl is null && !form.Flag("off_session"))
        {
            throw StripeFailure.BadParameter(
                "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`.",
                "return_url");
        }

        var method = PaymentMethods.Named(books, form) ?? (intent.MethodId is null ? null : books.Find<PaymentMethod>(intent.MethodId))
            ?? throw StripeFailure.UnexpectedState(
                "You cannot confirm this PaymentIntent because it's missing a payment method. Update the PaymentIntent with a payment method and then try again.");
        return Try(books, intent, method, returnUrl);
    }

    /// <summary>Asks the card holder when the card wants that, else the bank.</summary>
    public static PaymentIntent Try(BooksTransaction books, PaymentIntent intent, PaymentMethod method, string? returnUrl)
    {
        if (!method.Card.Challenged)
            return Bank.Ask(books, intent, method);
        var asked = books.Put(intent with
        {
            Status = IntentStatus.RequiresAction,
            MethodId = method.Id,
            LastError = null,
            Challenge = new Challenge(StripeJson.NewId("3ds"), returnUrl),
        });
        books.Publish("payment_intent.requires_action", PaymentIntentView.Of(asked, books.Origin));
        return asked;
    }
}
