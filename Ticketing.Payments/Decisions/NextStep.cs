namespace Ticketing.Payments;

/// <summary>A call to Stripe.</summary>
internal enum Step
{
    /// <summary>Nothing to do: settled, or it is another's turn.</summary>
    None,
    CreateIntent,
    Confirm,
    CreateSession,

    /// <summary>Ask how things stand.</summary>
    Look,
    Capture,

    /// <summary>Cancel the intent although its money is held.</summary>
    Release,

    /// <summary>Cancel the intent unless its money is held.</summary>
    CancelUnlessHeld,
    ExpireSession,
}

/// <summary>What comes next for an attempt. Each step may be repeated: Stripe then answers as it did the first time.</summary>
internal static class NextStep
{
    public static Step Of(Attempt attempt) => attempt switch
    {
        { Settled: true } => Step.None,
        { State: AttemptState.Authorized, Goal: AttemptGoal.Capture } => Step.Capture,
        { State: AttemptState.Authorized, Goal: AttemptGoal.Release } => Step.Release,
        { State: AttemptState.Started, Kind: AttemptKind.Card, IntentId: null } => Step.CreateIntent,
        // A page that the buyer may already see has to be known before it can be closed.
        { State: AttemptState.Started, Kind: AttemptKind.Checkout } => Step.CreateSession,
        { Goal: AttemptGoal.Stop, Kind: AttemptKind.Checkout } => Step.ExpireSession,
        { Goal: AttemptGoal.Stop } => Step.CancelUnlessHeld,
        { State: AttemptState.Started } => Step.Confirm,
        _ => Step.Look,
    };
}
