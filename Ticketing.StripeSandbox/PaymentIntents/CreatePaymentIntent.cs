namespace Ticketing.StripeSandbox.PaymentIntents;

/// <summary><c>POST /v1/payment_intents</c>.</summary>
internal static class CreatePaymentIntent
{
    public static PaymentIntent Handle(StripeCall call)
    {
        var (store, form, _) = call;
        form.Only("amount", "currency", "capture_method", "confirm", "payment_method", "payment_method_data", "allowed_payment_method_types",
            "payment_method_types", "payment_method_options", "automatic_payment_methods", "metadata", "description", "receipt_email", "return_url",
            "confirmation_method", "off_session", "statement_descriptor", "statement_descriptor_suffix", "setup_future_usage");
        var currency = Amounts.Currency(form.Required("currency"), "currency");
        var amount = Amounts.Check(form.RequiredInteger("amount"), currency, "amount");
        var intent = New(store, new PaymentIntent
        {
            AllowedPaymentMethodTypes = AllowedTypes(form),
            Amount = amount,
            Currency = currency,
            CaptureMethod = CaptureMethod(form, "capture_method"),
            Metadata = form.Map("metadata"),
            Description = form.Text("description"),
            ReceiptEmail = form.Text("receipt_email"),
            AutomaticPaymentMethods = AllowedTypes(form) is not null ? null : new()
            {
                Enabled = true,
                AllowRedirects = form.OneOf("automatic_payment_methods[allow_redirects]", "always", "never") ?? "always",
            },
        });
        if (form.Flag("confirm"))
            return ConfirmPaymentIntent.Confirm(store, intent, form);
        if (form.Has("return_url"))
            throw StripeFailure.BadParameter("`return_url` can only be used when `confirm` is true.", "return_url");
        if (PaymentMethods.Named(store, form) is not { } method)
            return intent;
        intent.PaymentMethodId = method.Id;
        intent.Status = "requires_confirmation";
        return store.Put(intent);
    }

    public static string CaptureMethod(StripeForm form, string name) =>
        form.OneOf(name, "automatic", "automatic_async", "manual") ?? "automatic_async";

    /// <summary>Cards only, or null when the call leaves it open. Earlier API versions name it <c>payment_method_types</c>.</summary>
    public static List<string>? AllowedTypes(StripeForm form)
    {
        List<string> types = [.. form.List("allowed_payment_method_types"), .. form.List("payment_method_types")];
        if (types.Find(type => type is not "card") is { } other)
            throw StripeFailure.BadParameter($"The payment method type \"{other}\" is invalid. The sandbox knows: card.", "allowed_payment_method_types");
        return types.Count > 0 ? types : null;
    }

    /// <summary>A new intent without a card, of which amount, capture method and the like are given.</summary>
    public static PaymentIntent New(SandboxTransaction store, PaymentIntent intent)
    {
        intent.Id = StripeId.New<PaymentIntent>();
        intent.ClientSecret = StripeId.New($"{intent.Id}_secret_");
        intent.Created = store.Now;
        intent.ConfirmationMethod = "automatic";
        intent.PaymentMethodTypes = ["card"];
        intent.Status = "requires_payment_method";
        store.Put(intent);
        store.Publish("payment_intent.created", intent);
        return intent;
    }
}
