using System.Net;
using Stripe;

namespace Ticketing.Payments.Gateway;

/// <summary>What Stripe answered: the thing, or why not.</summary>
/// <param name="Replayed">Whether Stripe gave an earlier answer again, which may be out of date.</param>
internal sealed record StripeAnswer<T>(T? Value, StripeRefusal? Refusal, bool Replayed)
    where T : class;

/// <summary>Why Stripe refused a call: https://docs.stripe.com/api/errors.</summary>
internal sealed record StripeRefusal(string Type, string? Code, string? Message)
{
    /// <summary>Whether the answer says nothing about the card, but that the intent is elsewhere than the call supposed.</summary>
    public bool AboutState => Code is "payment_intent_unexpected_state" || Type is "idempotency_error";

    /// <summary>For the buyer: the bank's words, or Stripe's about the call.</summary>
    public string ForBuyer => Message ?? "Your card was declined.";

    /// <summary>The refusal in an answer; null when the answer is none, so that the outcome is unknown.</summary>
    public static StripeRefusal? Of(StripeException problem) =>
        IsFinal(problem.HttpStatusCode) && problem.StripeError is { Type: { } type } error ? new(type, error.Code, error.Message) : null;

    /// <summary>
    /// Whether the same call would be answered the same again. Not so: errors of Stripe's own, too many calls, the same
    /// key in use just now, and an API key that is not (or no longer) accepted, which says nothing about the payment.
    /// </summary>
    public static bool IsFinal(HttpStatusCode status) => (int)status is >= 400 and < 500
        && status is not (HttpStatusCode.TooManyRequests or HttpStatusCode.Conflict or HttpStatusCode.Unauthorized
            or HttpStatusCode.Forbidden or HttpStatusCode.RequestTimeout);
}
