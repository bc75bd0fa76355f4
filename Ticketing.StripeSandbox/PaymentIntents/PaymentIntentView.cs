using Ticketing.StripeSandbox.Bookkeeping;

namespace Ticketing.StripeSandbox.PaymentIntents;

/// <summary>A payment intent, charge and payment method as the API shows them.</summary>
internal static class PaymentIntentView
{
    public static object Of(PaymentIntent intent, string origin) => new
    {
        id = intent.Id,
        @object = "payment_intent",
        amount = intent.Amount,
        amount_capturable = intent.AmountCapturable,
        amount_details = new { tip = new { } },
        amount_received = intent.AmountReceived,
        application = (string?)null,
        application_fee_amount = (long?)null,
        automatic_payment_methods = intent.AutomaticMethods ? new { enabled = true, allow_redirects = "always" } : null,
        canceled_at = intent.CanceledAt,
        cancellation_reason = intent.CancellationReason,
        capture_method = intent.CaptureMethod,
        client_secret = intent.ClientSecret,
        confirmation_method = "automatic",
        created = intent.Created,
        currency = intent.Currency,
        customer = (string?)null,
        description = intent.Description,
        last_payment_error = intent.LastError,
        latest_charge = intent.ChargeId,
        livemode = false,
        metadata = intent.Metadata,
        next_action = NextAction(intent.Challenge, origin),
        on_behalf_of = (string?)null,
        payment_method = intent.MethodId,
        payment_method_options = new { card = new { request_three_d_secure = "automatic" } },
        payment_method_types = new[] { "card" },
        processing = (object?)null,
        receipt_email = intent.ReceiptEmail,
        review = (string?)null,
        setup_future_usage = (string?)null,
        shipping = (object?)null,
        source = (string?)null,
        statement_descriptor = (string?)null,
        statement_descriptor_suffix = (string?)null,
        status = intent.Status,
        transfer_data = (object?)null,
        transfer_group = (string?)null,
    };

    public static object Of(PaymentMethod method) => new
    {
        id = method.Id,
        @object = "payment_method",
        billing_details = new { address = (object?)null, email = (string?)null, name = (string?)null, phone = (string?)null },
        card = new
        {
            brand = method.Card.Brand,
            exp_month = method.ExpiryMonth,
            exp_year = method.ExpiryYear,
            funding = method.Card.Funding,
            last4 = method.Card.Last4,
            three_d_secure_usage = new { supported = true },
        },
        created = method.Created,
        customer = (string?)null,
        livemode = false,
        metadata = new { },
        type = "card",
    };

    public static object Of(Charge charge) => new
    {
        id = charge.Id,
        @object = "charge",
        amount = charge.Amount,
        amount_captured = charge.AmountCaptured,
        amount_refunded = charge.AmountRefunded,
        captured = charge.Captured,
        created = charge.Created,
        currency = charge.Currency,
        failure_code = charge.Failure?.Code,
        failure_message = charge.Failure?.Message,
        livemode = false,
        metadata = charge.Metadata,
        paid = charge.Failure is null,
        payment_intent = charge.IntentId,
        payment_method = charge.MethodId,
        refunded = charge.Voided || (charge.AmountCaptured > 0 && charge.AmountRefunded == charge.AmountCaptured),
        status = charge.Failure is null ? "succeeded" : "failed",
    };

    private static object? NextAction(Challenge? challenge, string origin) => challenge switch
    {
        null => null,
        { ReturnUrl: { } returnUrl } => new
        {
            type = "redirect_to_url",
            redirect_to_url = new { url = $"{origin}/3ds/{challenge.Id}", return_url = returnUrl },
        },
        _ => new { type = "use_stripe_sdk", use_stripe_sdk = new { type = "three_d_secure_redirect", stripe_js = $"{origin}/3ds/{challenge.Id}" } },
    };
}
