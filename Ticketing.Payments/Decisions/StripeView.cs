namespace Ticketing.Payments;

/// <summary>Where an intent's money is.</summary>
internal enum Funds
{
    /// <summary>Not yet anywhere.</summary>
    None,

    /// <summary>Held at the buyer's bank.</summary>
    Held,

    /// <summary>Captured.</summary>
    Taken,

    /// <summary>Nowhere for good: cancelled or expired.</summary>
    Over,
}

/// <summary>How things stand at Stripe with one attempt.</summary>
/// <param name="Url">Where the buyer goes on: the hosted page, or the bank's challenge.</param>
/// <param name="Failure">Stripe's words for the intent's last failure.</param>
internal sealed record StripeView(
    Funds Funds, string? IntentId, string? SessionId = null, bool AsksBuyer = false, bool Processing = false,
    string? Url = null, string? Failure = null);
