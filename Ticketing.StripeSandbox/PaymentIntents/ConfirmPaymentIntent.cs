using Ticketing.StripeSandbox.Cards;

namespace Ticketing.StripeSandbox.PaymentIntents;

/// <summary><c>POST /v1/payment_intents/{id}/confirm</c>: an attempt to get the money with a card.</summary>
internal static class ConfirmPaymentIntent
{
    public static PaymentIntent Handle(StripeCall call)
    {
        call.Form.Only("payment_method", "payment_method_data", "payment_method_options", "return_url",
            "receipt_email", "off_session", "capture_method", "setup_future_usage", "use_stripe_sdk", "mandate_data");
        var intent = call.Store.Get<PaymentIntent>(call.Id, "intent");
        if (intent.PaymentDetails is not null)
        {
            throw StripeFailure.UnexpectedState(
                "You cannot confirm this PaymentIntent because it was created by Checkout. It is confirmed by the Checkout Session's page.", intent);
        }

        return Confirm(call.Store, intent, call.Form);
    }

    public static PaymentIntent Confirm(SandboxTransaction store, PaymentIntent intent, StripeForm form)
    {
        if (intent.Status is "canceled" or "succeeded" or "requires_capture")
        {
            throw StripeFailure.UnexpectedState(intent.Status is "canceled"
                ? "You cannot confirm this PaymentIntent because it has a status of canceled. Only a PaymentIntent with one of the following statuses may be confirmed: requires_payment_method, requires_confirmation, requires_action."
                : "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.", intent);
        }

        var returnUrl = form.WebAddress("return_url");
        if (intent.AutomaticPaymentMethods is { AllowRedirects: "always" } && returnUrl is null && !form.Flag("off_session"))
        {
            throw StripeFailure.BadParameter(
                "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`.",
                "return_url");
        }

        var method = PaymentMethods.Named(store, form) ?? store.Find<PaymentMethod>(intent.PaymentMethodId) ?? throw StripeFailure.UnexpectedState(
            "You cannot confirm this PaymentIntent because it's missing a payment method. Update the PaymentIntent with a payment method and then try again.", intent);
        return Try(store, intent, method, returnUrl);
    }

    /// <summary>Asks the card holder when the card wants that (3-D Secure), else the bank.</summary>
    public static PaymentIntent Try(SandboxTransaction store, PaymentIntent intent, PaymentMethod method, string? returnUrl)
    {
        if (!TestCards.Of(method).Challenged)
            return AskBank(store, intent, method) is { } refusal ? throw refusal : intent;
        intent.Status = "requires_action";
        intent.PaymentMethodId = method.Id;
        intent.LastPaymentError = null;
        intent.NextAction = returnUrl is null
            ? new() { Type = "use_stripe_sdk", UseStripeSdk = new() }
            : new() { Type = "redirect_to_url", RedirectToUrl = new() { Url = $"{store.Origin}/3ds/{intent.Id}", ReturnUrl = returnUrl } };
        store.Put(intent);
        store.Publish("payment_intent.requires_action", intent);
        return intent;
    }

    /// <summary>The bank authorizes the money (manual capture), pays it at once, or declines.</summary>
    /// <returns>The refusal; null when the bank agrees.</returns>
    public static StripeFailure? AskBank(SandboxTransaction store, PaymentIntent intent, PaymentMethod method)
    {
        var decline = TestCards.Of(method).Decline;
        var manual = intent.CaptureMethod is "manual";
        var paid = decline is null && !manual;
        var charge = store.Put(new Charge
        {
            Id = StripeId.New<Charge>(),
            Amount = intent.Amount,
            AmountCaptured = paid ? intent.Amount : 0,
            Captured = paid,
            Created = store.Now,
            Currency = intent.Currency,
            FailureCode = decline?.Code,
            FailureMessage = decline?.Message,
            Metadata = intent.Metadata,
            Paid = decline is null,
            PaymentIntentId = intent.Id,
            PaymentMethod = method.Id,
            Status = decline is null ? "succeeded" : "failed",
        });
        intent.LatestChargeId = charge.Id;
        if (decline is not null)
            return Refuse(store, intent, method, StripeFailure.Card(decline.Message, decline.Code, decline.DeclineCode).Error);
        intent.Status = manual ? "requires_capture" : "succeeded";
        intent.PaymentMethodId = method.Id;
        intent.NextAction = null;
        intent.LastPaymentError = null;
        intent.AmountCapturable = manual ? intent.Amount : 0;
        intent.AmountReceived = manual ? 0 : intent.Amount;
        store.Put(intent);
        store.Publish(manual ? "payment_intent.amount_capturable_updated" : "payment_intent.succeeded", intent);
        return null;
    }

    /// <summary>The attempt failed: the intent waits for another card.</summary>
    public static StripeFailure Refuse(SandboxTransaction store, PaymentIntent intent, PaymentMethod method, StripeError error)
    {
        error.Charge = intent.LatestChargeId;
        error.PaymentMethod = method;
        intent.Status = "requires_payment_method";
        intent.PaymentMethodId = null;
        intent.NextAction = null;
        intent.LastPaymentError = error;
        store.Put(intent);
        store.Publish("payment_intent.payment_failed", intent);
        // Its own copy, since the intent refers to the error.
        error.PaymentIntent = store.Find<PaymentIntent>(intent.Id);
        return new StripeFailure(402, error) { Executed = true };
    }
}
