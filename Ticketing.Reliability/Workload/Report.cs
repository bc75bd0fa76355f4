namespace Ticketing.Reliability;

/// <summary>What a run tells at its end.</summary>
internal static class Report
{
    /// <summary>Examples of each violated invariant.</summary>
    private const int Shown = 5;

    public static void Print(Account account, Snapshot snapshot, IReadOnlyCollection<Violation> violations)
    {
        Console.WriteLine($"{"operation",-20} answers");
        foreach (var operation in account.Answers.GroupBy(answer => answer.Key.What).OrderBy(operation => operation.Key, StringComparer.Ordinal))
        {
            var answers = operation.OrderBy(answer => answer.Key.Status, StringComparer.Ordinal).Select(answer => $"{answer.Value} × {answer.Key.Status}");
            Console.WriteLine($"{operation.Key,-20} {string.Join(", ", answers)}");
        }

        Console.WriteLine(
            $"{account.Operations} operations; {snapshot.Listings.Count} listings, {snapshot.Orders.Count} orders of which "
            + $"{snapshot.Orders.Values.Count(order => order.Complete)} complete and {account.Orders} promised, {snapshot.Intents.Count} payment intents");
        foreach (var invariant in violations.GroupBy(violation => violation.Invariant))
        {
            Console.WriteLine($"VIOLATED {invariant.Count()} times: {invariant.Key}");
            foreach (var violation in invariant.Take(Shown))
                Console.WriteLine($"    {violation.Found}");
        }
        Console.WriteLine($"{violations.Count} violations");
    }
}
