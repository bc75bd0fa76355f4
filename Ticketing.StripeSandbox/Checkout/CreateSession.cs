using Ticketing.StripeSandbox.Bookkeeping;
using Ticketing.StripeSandbox.PaymentIntents;
using Ticketing.StripeSandbox.Protocol;

namespace Ticketing.StripeSandbox.Checkout;

/// <summary><c>POST /v1/checkout/sessions</c> with <c>mode=payment</c> and prices given on the spot.</summary>
internal static class CreateSession
{
    private const long ShortestSeconds = 30 * 60;
    private const long LongestSeconds = 24 * 60 * 60;

    public static object Handle(StripeCall call)
    {
        var (books, form) = (call.Books, call.Form);
        form.Only("mode", "line_items", "success_url", "cancel_url", "client_reference_id", "customer_email", "metadata",
            "payment_intent_data", "payment_method_types", "allowed_payment_method_types", "expires_at", "locale", "submit_type", "ui_mode", "billing_address_collection");
        form.OneOf("mode", "", "payment");
        var items = Items(form);
        var currency = Amounts.Currency(form.Required("line_items[0][price_data][currency]"), "line_items[0][price_data][currency]");
        var id = StripeJson.NewId("cs_test");
        var session = books.Put(new CheckoutSession(id, books.Now,
            Amounts.Check(items.Sum(item => item.UnitAmount * item.Quantity), currency, "line_items"), currency, ExpiresAt(books, form))
        {
            Status = SessionStatus.Open,
            Url = $"{books.Origin}/c/pay/{id}",
            SuccessUrl = WebAddress(form, "success_url") ?? throw StripeFailure.Missing("success_url"),
            CancelUrl = WebAddress(form, "cancel_url"),
            CustomerEmail = form.Text("customer_email"),
            ClientReferenceId = form.Text("client_reference_id"),
            CaptureMethod = form.OneOf("payment_intent_data[capture_method]", "automatic_async", "automatic", "automatic_async", "manual"),
            Items = items,
            Metadata = form.Map("metadata"),
            IntentMetadata = form.Map("payment_intent_data[metadata]"),
            IntentDescription = form.Text("payment_intent_data[description]"),
        });
        return RetrieveSession.Expanded(call, session);
    }

    private static List<LineItem> Items(StripeForm form)
    {
        var items = new List<LineItem>();
        while (form.Has($"line_items[{items.Count}]"))
        {
            var item = $"line_items[{items.Count}]";
            var quantity = form.Integer($"{item}[quantity]") ?? throw StripeFailure.Missing($"{item}[quantity]");
            var amount = form.Integer($"{item}[price_data][unit_amount]") ?? throw StripeFailure.Missing($"{item}[price_data][unit_amount]");
            if (quantity is < 1 or > 999_999 || amount is < 0 or > 99_999_999)
                throw StripeFailure.BadParameter("Invalid quantity or unit amount.", item, "parameter_invalid_integer");
            items.Add(new LineItem(StripeJson.NewId("li"), form.Required($"{item}[price_data][product_data][name]"), amount, (int)quantity));
        }

        return items.Count > 0 ? items : throw StripeFailure.Missing("line_items");
    }

    private static long ExpiresAt(BooksTransaction books, StripeForm form)
    {
        var expiresAt = form.Integer("expires_at") ?? books.Now + LongestSeconds;
        return expiresAt >= books.Now + ShortestSeconds && expiresAt <= books.Now + LongestSeconds ? expiresAt
            : throw StripeFailure.BadParameter(
                "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.", "expires_at");
    }

    private static string? WebAddress(StripeForm form, string name) =>
        form.Text(name) is not { } text ? null
        : Uri.TryCreate(text.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal), UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https" ? text
        : throw StripeFailure.BadParameter("Not a valid URL", name, "url_invalid");
}
