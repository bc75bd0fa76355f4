namespace Ticketing.Payments;

/// <summary>Stripe's payment intent, as far as we read it.</summary>
internal sealed record StripeIntent(string Id, string Status)
{
    public StripeFailure? LastPaymentError { get; init; }

    public StripeNextAction? NextAction { get; init; }

    /// <summary>Minor units.</summary>
    public long Amount { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public long Created { get; init; }

    public Dictionary<string, string>? Metadata { get; init; }

    /// <summary>The payment of ours that it belongs to; null when it is none of ours.</summary>
    public Guid? PaymentId => Guid.TryParse(Metadata?.GetValueOrDefault("payment_id"), out var id) ? id : null;

    public StripeView ToView() => new(
        Status switch
        {
            "requires_capture" => Funds.Held,
            "succeeded" => Funds.Taken,
            "canceled" => Funds.Over,
            _ => Funds.None,
        },
        Id, AsksBuyer: Status is "requires_action", Processing: Status is "processing",
        Url: NextAction?.RedirectToUrl?.Url, Failure: LastPaymentError?.Message);
}

/// <summary>A page of a list, newest first.</summary>
internal sealed record StripePage<T>(List<T> Data, bool HasMore);

internal sealed record StripeRefund(string Id);

internal sealed record StripeNextAction(StripeRedirect? RedirectToUrl);

internal sealed record StripeRedirect(string Url);

/// <summary>Stripe's checkout session with its intent, which it only has once the buyer tried a card.</summary>
internal sealed record StripeSession(string Id, string Status, string? Url, StripeIntent? PaymentIntent)
{
    public StripeView ToView()
    {
        var view = PaymentIntent?.ToView() ?? new StripeView(Funds.None, null);
        return view with
        {
            Funds = Status is "expired" && view.Funds is Funds.None ? Funds.Over : view.Funds,
            SessionId = Id,
            Url = Url,
        };
    }
}

/// <summary>Why Stripe refused a call: https://docs.stripe.com/api/errors.</summary>
internal sealed record StripeFailure(string Type, string? Code, string? Message)
{
    /// <summary>Whether the answer says nothing about the card, but that the intent is elsewhere than the call supposed.</summary>
    public bool AboutState => Code is "payment_intent_unexpected_state" || Type is "idempotency_error";

    /// <summary>For the buyer: the bank's words, but not those about our own calls.</summary>
    public string ForBuyer => Message ?? "Your card was declined.";
}

/// <summary>What Stripe answered: the thing, or why not.</summary>
/// <param name="Replayed">Whether Stripe gave an earlier answer again, which may be out of date.</param>
internal sealed record StripeAnswer<T>(T? Value, StripeFailure? Failure, bool Replayed)
    where T : class;
