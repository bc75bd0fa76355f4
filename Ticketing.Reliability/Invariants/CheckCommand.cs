using System.CommandLine;

namespace Ticketing.Reliability;

/// <summary>
/// <c>check</c>: whether everything holds on the platform whose addresses the environment has, as those that
/// the AppHost gives to this command on its dashboard. Nobody should be buying meanwhile: what is under way does not hold yet.
/// </summary>
internal static class CheckCommand
{
    private const int Shown = 20;

    private static readonly Option<int> Patience = ToolCommands.Number("--patience", 60, "Seconds until what is under way must have settled");

    public static Command Create() =>
        new Command("check", "Checks every invariant on the platform that runs (dotnet aspire resource web check)") { Patience }.Runs(RunAsync);

    private static async Task<int> RunAsync(ParseResult options, CancellationToken cancellationToken)
    {
        await using var platform = new Platform(PlatformAddresses.FromEnvironment());
        var patience = TimeSpan.FromSeconds(options.GetValue(Patience));
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
