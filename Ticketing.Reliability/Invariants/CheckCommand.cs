namespace Ticketing.Reliability;

/// <summary>
/// <c>check [--patience 60]</c>: whether everything holds on the platform whose addresses the environment has, as those that
/// the AppHost gives to this command on its dashboard. Nobody should be buying meanwhile: what is under way does not hold yet.
/// </summary>
internal static class CheckCommand
{
    public const string Help = "checks every invariant on the platform that runs (dotnet aspire resource web check): [--patience SECONDS]";

    private const int Shown = 20;

    public static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        await using var platform = new Platform(PlatformAddresses.FromEnvironment());
        var patience = TimeSpan.FromSeconds(options.Number("patience", 60));
        var (snapshot, violations) = await new InvariantChecker(platform).CheckAsync(patience, cancellationToken);

        Console.WriteLine(
            $"{snapshot.Listings.Count} listings, {snapshot.Orders.Count} orders ({snapshot.Orders.Values.Count(order => order.Complete)} complete), "
            + $"{snapshot.Payments.Count} payments, {snapshot.Intents.Count} payment intents at Stripe");
        foreach (var violation in violations.Take(Shown))
            Console.WriteLine($"VIOLATED  {violation}");
        Console.WriteLine(violations.Count == 0 ? "Every invariant holds." : $"{violations.Count} violations.");
        return violations.Count == 0 ? 0 : 1;
    }
}
