namespace Ticketing.Reliability;

/// <summary>A hold ends on time.</summary>
internal static class HoldInvariants
{
    public static IEnumerable<Violation> Violations(Snapshot snapshot)
    {
        foreach (var order in snapshot.Orders.Values.Where(order => order.Open))
        {
            var overdue = snapshot.At - order.ExpiresAt;
            if (overdue > Invariant.HoldEndsWithin)
                yield return new("A hold ends on time", $"{order} is overdue by {overdue.TotalSeconds:0.0} s");
        }

        foreach (var order in snapshot.Clocks.Where(order => !snapshot.Orders.ContainsKey(order)))
            yield return new("A clock runs for an order", $"Redis has one for {order}, which does not exist");
    }
}
