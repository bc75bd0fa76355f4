namespace Ticketing.Reliability;

/// <summary>Everything that holds of a platform once it has settled.</summary>
internal static class Invariant
{
    /// <summary>How long after its end a hold may count when something is dead.</summary>
    public static readonly TimeSpan HoldEndsWithin = TimeSpan.FromSeconds(5);

    private static readonly Func<Snapshot, IEnumerable<Violation>>[] All =
    [
        StockInvariants.Violations, MoneyInvariants.Violations, ReplicaInvariants.Violations, MessagingInvariants.Violations,
        HoldInvariants.Violations,
    ];

    /// <summary>All that does not hold, the worst first.</summary>
    public static IEnumerable<Violation> Violations(Snapshot snapshot) => All.SelectMany(invariant => invariant(snapshot));
}
