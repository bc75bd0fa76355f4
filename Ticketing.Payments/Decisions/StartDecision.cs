namespace Ticketing.Payments;

/// <summary>What a call to pay leads to.</summary>
internal enum StartOutcome
{
    /// <summary>A new attempt.</summary>
    New,

    /// <summary>An attempt whose outcome is open is taken up again; the call is a part of it.</summary>
    Resume,

    /// <summary>The answer of the attempt that was under way while the call waited.</summary>
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
    /// <param name="seen">How many attempts there were when the call came in.</param>
    /// <param name="underWay">Whether a card's outcome was open then.</param>
    public static (StartOutcome Outcome, int Number) Card(Payment payment, bool orderOpen, string token, int seen, bool underWay)
    {
        if (payment.Paid)
            return (StartOutcome.Paid, payment.Attempts.FindLast(attempt => attempt.Pays)!.Number);
        if (payment.NewestCard is { } card)
        {
            if (card.State is AttemptState.Started)
                return (StartOutcome.Resume, card.Number);
            if (underWay || card.Number > seen)
                return (StartOutcome.Share, card.Number);
            if (orderOpen && card.State is AttemptState.RequiresAction && card.Token == token)
                return (StartOutcome.Resume, card.Number);
        }

        return orderOpen ? (StartOutcome.New, payment.Attempts.Count + 1) : (StartOutcome.Refused, 0);
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
