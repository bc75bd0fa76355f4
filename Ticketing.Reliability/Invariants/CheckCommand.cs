using Ticketing.LocalHosting.Engine;

namespace Ticketing.Reliability;

/// <summary>
/// <c>check [--dashboard http://localhost:18888] [--data DIRECTORY] [--patience 60]</c>: whether everything holds on the
/// platform that runs on this machine. Nobody should be buying meanwhile: what is under way does not hold yet.
/// </summary>
internal static class CheckCommand
{
    public const string Help = "checks every invariant on the platform that runs: [--dashboard URL] [--data DIRECTORY] [--patience SECONDS]";

    private const int Shown = 20;

    public static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        await using var platform = await ConnectAsync(options, cancellationToken);
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

    /// <summary>The platform that the options name, by default the one that <c>./run.sh</c> starts.</summary>
    public static Task<Platform> ConnectAsync(Options options, CancellationToken cancellationToken)
    {
        var appHost = Path.GetFullPath("Ticketing.AppHost", Directory.GetCurrentDirectory());
        return Platform.ConnectAsync(
            new(options.Text("dashboard", "http://localhost:18888")),
            options.Find("data") ?? DataDirectory.PathFor(new Microsoft.Extensions.Configuration.ConfigurationManager(), appHost),
            cancellationToken);
    }
}
