namespace Ticketing.Reliability;

/// <summary>What a run tells at its end.</summary>
internal static class Report
{
    private const int Shown = 20;

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
        foreach (var violation in violations.Take(Shown))
            Console.WriteLine($"VIOLATED  {violation}");
        Console.WriteLine($"{violations.Count} violations");
    }
}
