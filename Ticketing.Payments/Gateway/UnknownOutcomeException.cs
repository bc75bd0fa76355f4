using System.Net;
using Stripe;

namespace Ticketing.Payments.Gateway;

/// <summary>Stripe did not say what became of a call: it may have done the work or not.</summary>
/// <param name="answered">Whether it did answer, with an error of its own.</param>
internal sealed class UnknownOutcomeException(string message, bool answered, Exception? inner = null) : Exception(message, inner)
{
    public bool Answered { get; } = answered;

    /// <summary>Whether Stripe refused to do it since calls come too fast.</summary>
    public bool RateLimited { get; private init; }

    /// <param name="problem">
    /// What the call ended in, other than a refusal. Of a <see cref="StripeException"/> only the status is kept: its message
    /// quotes an answer that cannot be read, and an intent's client secret may be in that.
    /// </param>
    public static UnknownOutcomeException Of(Exception problem) => problem is StripeException { HttpStatusCode: var status } && status != default
        ? new($"Stripe answered {(int)status}.", answered: (int)status >= 300 && !StripeRefusal.IsFinal(status))
        {
            // A lock_timeout has the same status and is about one object alone.
            RateLimited = status is HttpStatusCode.TooManyRequests && ((StripeException)problem).StripeError?.Code is not "lock_timeout",
        }
        : new UnknownOutcomeException("Stripe gave no answer that can be read.", answered: false, problem);
}
