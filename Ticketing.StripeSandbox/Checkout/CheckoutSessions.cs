using Stripe.Checkout;
using Ticketing.StripeSandbox.PaymentIntents;

namespace Ticketing.StripeSandbox.Checkout;

/// <summary>
/// <c>/v1/checkout/sessions</c> with <c>mode=payment</c> and prices given on the spot. As it is stored, a session has its line
/// items and, until a card is tried, the whole payment intent, which has no id yet.
/// </summary>
internal static class CheckoutSessions
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public static Session Create(StripeCall call)
    {
        var (store, form, _) = call;
        form.Only("mode", "line_items", "success_url", "cancel_url", "client_reference_id", "customer_email", "metadata",
            "payment_intent_data", "allowed_payment_method_types", "payment_method_types", "locale", "submit_type", "ui_mode", "billing_address_collection");
        if (form.OneOf("mode", "payment") is null)
            throw StripeFailure.Missing("mode");
        var items = Items(form);
        var currency = Amounts.Currency(form.Required("line_items[0][price_data][currency]"), "line_items[0][price_data][currency]");
        var total = Amounts.Check(items.Sum(item => item.AmountTotal), currency, "line_items");
        var id = StripeId.New<Session>();
        return Show(store, store.Put(new Session
        {
            Id = id,
            AllowedPaymentMethodTypes = CreatePaymentIntent.AllowedTypes(form),
            AmountSubtotal = total,
            AmountTotal = total,
            CancelUrl = form.WebAddress("cancel_url"),
            ClientReferenceId = form.Text("client_reference_id"),
            Created = store.Now,
            Currency = currency,
            CustomerEmail = form.Text("customer_email"),
            ExpiresAt = store.Now + Lifetime,
            LineItems = new() { Object = "list", Data = items },
            Metadata = form.Map("metadata"),
            Mode = "payment",
            PaymentMethodTypes = ["card"],
            PaymentIntent = new()
            {
                Amount = total,
                Currency = currency,
                CaptureMethod = CreatePaymentIntent.CaptureMethod(form, "payment_intent_data[capture_method]"),
                Description = form.Text("payment_intent_data[description]"),
                Metadata = form.Map("payment_intent_data[metadata]"),
                PaymentDetails = new() { OrderReference = id },
                ReceiptEmail = form.Text("customer_email"),
            },
            Status = "open",
            SuccessUrl = form.WebAddress("success_url") ?? throw StripeFailure.Missing("success_url"),
            UiMode = "hosted_page",
            Url = $"{store.Origin}/c/pay/{id}",
        }));
    }

    public static Session Retrieve(StripeCall call)
    {
        call.Form.Only();
        return Show(call.Store, call.Store.Get<Session>(call.Id, "session"));
    }

    public static Session Expire(StripeCall call)
    {
        call.Form.Only();
        var session = call.Store.Get<Session>(call.Id, "session");
        return session.Status is "open" ? Expire(call.Store, session) : throw StripeFailure.BadParameter(
            $"Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of {session.Status}.", "session");
    }

    /// <summary>Its page takes no more cards.</summary>
    public static Session Expire(SandboxTransaction store, Session session)
    {
        if (store.Find<PaymentIntent>(session.PaymentIntentId) is { Status: not ("succeeded" or "canceled") } intent)
            CancelPaymentIntent.Cancel(store, intent, "abandoned");
        return Close(store, session, "expired");
    }

    /// <summary>Ends a session as <c>complete</c> or <c>expired</c>.</summary>
    public static Session Close(SandboxTransaction store, Session session, string status)
    {
        session.Status = status;
        session.Url = null;
        store.Put(session);
        var shown = Show(store, session);
        store.Publish($"checkout.session.{(status is "complete" ? "completed" : status)}", shown);
        return shown;
    }

    /// <summary>The session as the API shows it. Money that is authorized is not yet paid.</summary>
    private static Session Show(SandboxTransaction store, Session session)
    {
        session.PaymentStatus = store.Find<PaymentIntent>(session.PaymentIntentId) is { Status: "succeeded" } ? "paid" : "unpaid";
        session.LineItems = null;
        if (session.PaymentIntentId is null)
            session.PaymentIntent = null;
        return session;
    }

    private static List<LineItem> Items(StripeForm form)
    {
        var items = new List<LineItem>();
        for (var item = "line_items[0]"; form.Has(item); item = $"line_items[{items.Count}]")
        {
            var quantity = form.RequiredInteger($"{item}[quantity]");
            var amount = form.RequiredInteger($"{item}[price_data][unit_amount]");
            if (quantity is < 1 or > 999_999 || amount is < 0 or > 99_999_999)
                throw StripeFailure.BadParameter("Invalid quantity or unit amount.", item, "parameter_invalid_integer");
            items.Add(new()
            {
                Id = StripeId.New<LineItem>(),
                AmountTotal = amount * quantity,
                Description = form.Required($"{item}[price_data][product_data][name]"),
                Quantity = quantity,
            });
        }

        return items.Count > 0 ? items : throw StripeFailure.Missing("line_items");
    }
}
