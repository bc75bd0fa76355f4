using Ticketing.StripeSandbox.Bookkeeping;
using Ticketing.StripeSandbox.Protocol;

namespace Ticketing.StripeSandbox.PaymentIntents;

/// <summary><c>POST /v1/payment_intents</c>.</summary>
internal static class CreatePaymentIntent
{
    public static object Handle(StripeCall call)
    {
        var (books, form) = (call.Books, call.Form);
        form.Only("amount", "currency", "capture_method", "confirm", "payment_method", "payment_method_data", "payment_method_types",
            "allowed_payment_method_types", "payment_method_options", "automatic_payment_methods", "metadata", "description", "receipt_email", "return_url",
            "confirmation_method", "off_session", "statement_descriptor", "statement_descriptor_suffix", "setup_future_usage");
        var currency = Amounts.Currency(form.Required("currency"), "currency");
        form.Required("amount");
        if (form.List("payment_method_types").Concat(form.List("allowed_payment_method_types")).FirstOrDefault(type => type is not "card") is { } other)
            throw StripeFailure.BadParameter($"The payment method type \"{other}\" is invalid. The sandbox knows: card.", "payment_method_types");

        var intent = New(books, Amounts.Check(form.Integer("amount")!.Value, currency, "amount"), currency,
            form.OneOf("capture_method", "automatic_async", "automatic", "automatic_async", "manual"), form.Map("metadata"),
            draft => draft with
            {
                Description = form.Text("description"),
                ReceiptEmail = form.Text("receipt_email"),
                AutomaticMethods = !form.Has("payment_method_types") && !form.Has("allowed_payment_method_types")
                    && form.Text("automatic_payment_methods[allow_redirects]") is not "never",
            });
        if (form.Flag("confirm"))
            return PaymentIntentView.Of(ConfirmPaymentIntent.Confirm(books, intent, form), books.Origin);
        if (form.Has("return_url"))
            throw StripeFailure.BadParameter("`return_url` can only be used when `confirm` is true.", "return_url");
        if (PaymentMethods.Named(books, form) is { } method)
            intent = books.Put(intent with { MethodId = method.Id, Status = IntentStatus.RequiresConfirmation });
        return PaymentIntentView.Of(intent, books.Origin);
    }

    /// <summary>A new intent without a card.</summary>
    public static PaymentIntent New(BooksTransaction books, long amount, string currency, string captureMethod,
        IReadOnlyDictionary<string, string> metadata, Func<PaymentIntent, PaymentIntent> complete)
    {
        var id = StripeJson.NewId("pi");
        var intent = books.Put(complete(new PaymentIntent(id, books.Now, amount, currency, captureMethod)
        {
            ClientSecret = StripeJson.NewId(id + "_secret"),
            Status = IntentStatus.RequiresPaymentMethod,
            Metadata = metadata,
        }));
        books.Publish("payment_intent.created", PaymentIntentView.Of(intent, books.Origin));
        return intent;
    }
}
