using Ticketing.StripeSandbox.Bookkeeping;

namespace Ticketing.StripeSandbox.Checkout;

/// <summary>A checkout session as the API shows it.</summary>
internal static class SessionView
{
    public static object Of(CheckoutSession session, PaymentIntent? intent) => new
    {
        id = session.Id,
        @object = "checkout.session",
        amount_subtotal = session.Amount,
        amount_total = session.Amount,
        cancel_url = session.CancelUrl,
        client_reference_id = session.ClientReferenceId,
        created = session.Created,
        currency = session.Currency,
        customer = (string?)null,
        customer_details = session.CustomerEmail is { } email ? new { email } : null,
        customer_email = session.CustomerEmail,
        expires_at = session.ExpiresAt,
        livemode = false,
        metadata = session.Metadata,
        mode = "payment",
        payment_intent = session.IntentId,
        payment_method_types = new[] { "card" },
        // Authorized money is not yet paid.
        payment_status = intent is { Status: IntentStatus.Succeeded } ? "paid" : "unpaid",
        status = session.Status,
        success_url = session.SuccessUrl,
        total_details = new { amount_discount = 0, amount_shipping = 0, amount_tax = 0 },
        ui_mode = "hosted",
        url = session.Status == SessionStatus.Open ? session.Url : null,
    };

    public static object Of(BooksTransaction books, CheckoutSession session) =>
        Of(session, session.IntentId is { } id ? books.Find<PaymentIntent>(id) : null);
}

/// <summary>Stripe's names for where a session is in its life.</summary>
internal static class SessionStatus
{
    public const string Open = "open";
    public const string Complete = "complete";
    public const string Expired = "expired";
}
