namespace Ticketing.Payments;

/// <summary>What a call to pay leads to.</summary>
internal enum StartOutcome
{
    /// <summary>A new attempt.</summary>
    New,

    /// <summary>
    /// An attempt whose outcome is open is taken up again. The call is a part of it if it has the same card; else it only comes
    /// after it.
    /// </summary>
    Resume,

    /// <summary>The answer of the attempt with the same card that was under way while the call waited.</summary>
    Share,

    /// <summary>Paid already.</summary>
    Paid,

    /// <summary>The order has ended.</summary>
    Refused,
}

/// <summary>The rules for a call to pay.</summary>
internal static class StartDecision
{
    /// <summary>What a call with a card leads to.</summary>
    /// <param name="payment">As it is now, with nobody else at work on it.</param>
    /// <param name="orderOpen">Whether the order can still be paid.</param>
    /// <param name="token">The card.</param>
    /// <param name="ended">How many attempts had come to something when the call came in; the later ones were made while it waited.</param>
    public static (StartOutcome Outcome, int Number) Card(Payment payment, bool orderOpen, string token, int ended)
    {
        if (payment.Paid)
            return (StartOutcome.Paid, payment.Attempts.FindLast(attempt => attempt.Pays)!.Number);
        if (payment.NewestCard is { State: AttemptState.Started } started)
            return (StartOutcome.Resume, started.Number);
        if (payment.Attempts.FindLast(attempt => attempt.Kind is AttemptKind.Card && attempt.Token == token && attempt.Number > ended) is { } same)
            return (StartOutcome.Share, same.Number);
        if (!orderOpen)
            return (StartOutcome.Refused, 0);
        return payment.NewestCard is { State: AttemptState.RequiresAction } asked && asked.Token == token
            ? (StartOutcome.Resume, asked.Number)
            : (StartOutcome.New, payment.Attempts.Count + 1);
    }

    /// <summary>What a call for a checkout page leads to.</summary>
    public static (StartOutcome Outcome, int Number) Checkout(Payment payment, bool orderOpen)
    {
        if (payment.Paid)
            return (StartOutcome.Paid, payment.Attempts.FindLast(attempt => attempt.Pays)!.Number);
        if (!orderOpen)
            return (StartOutcome.Refused, 0);
        return payment.Attempts.FindLast(attempt => attempt is { Kind: AttemptKind.Checkout, Live: true }) is { } live
            ? (StartOutcome.Resume, live.Number)
            : (StartOutcome.New, payment.Attempts.Count + 1);
    }
}
