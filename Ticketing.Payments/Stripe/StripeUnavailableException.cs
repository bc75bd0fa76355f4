namespace Ticketing.Payments;

/// <summary>Stripe did not say what became of a call: it may have done the work or not.</summary>
/// <param name="answered">Whether it did answer, with an error of its own.</param>
internal sealed class StripeUnavailableException(string message, bool answered, Exception? inner = null) : Exception(message, inner)
{
    public bool Answered { get; } = answered;
}
