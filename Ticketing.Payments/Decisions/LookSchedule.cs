namespace Ticketing.Payments;

/// <summary>When reconciliation looks at an attempt that is not settled.</summary>
internal static class LookSchedule
{
    /// <summary>How long after the last look.</summary>
    /// <param name="attempt">Not settled.</param>
    /// <param name="looks">How many looks have changed nothing.</param>
    public static TimeSpan After(Attempt attempt, int looks)
    {
        var (first, longest) = attempt switch
        {
            // The verdict comes by itself; only a bank that lets the money go would be news.
            { State: AttemptState.Authorized, Goal: AttemptGoal.Pay } => (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)),
            // The buyer has the page open; a webhook tells of them first.
            { State: AttemptState.Open or AttemptState.RequiresAction, Goal: AttemptGoal.Pay } => (TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)),
            _ => (TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(1)),
        };
        var delay = first * Math.Pow(2, Math.Min(looks, 10));
        return delay < longest ? delay : longest;
    }
}
