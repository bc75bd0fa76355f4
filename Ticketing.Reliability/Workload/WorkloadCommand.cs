using System.CommandLine;

namespace Ticketing.Reliability;

/// <summary><c>workload</c>: a crowd on a platform of its own for a while, without faults; then everything is checked.</summary>
internal static class WorkloadCommand
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);

    private static readonly Option<int> Seconds = ToolCommands.Number("--seconds", 60, "For how long");
    private static readonly Option<int> Buyers = ToolCommands.Number("--buyers", 100, "Buyers at the same time");
    private static readonly Option<int> Sellers = ToolCommands.Number("--sellers", 10, "Sellers at the same time");
    private static readonly Option<int?> Seed = new("--seed") { Description = "Decides what everybody does; by chance if left out" };

    public static Command Create() =>
        new Command("workload", "A crowd of buyers and sellers, without faults") { Seconds, Buyers, Sellers, Seed }.Runs(RunAsync);

    private static async Task<int> RunAsync(ParseResult options, CancellationToken cancellationToken)
    {
        var seed = options.GetValue(Seed) ?? Random.Shared.Next();
        Console.WriteLine($"Seed {seed}");
        await using var hosted = await HostedPlatform.StartAsync(FaultsCommand.Hosting(replicas: 1), cancellationToken);
        var platform = hosted.Platform;
        var sessions = await Sessions.OpenAsync(platform, cancellationToken);
        var account = new Account();
        await using (var crowd = new Crowd(platform, sessions, account, seed, options.GetValue(Buyers), options.GetValue(Sellers)))
        {
            crowd.Start();
            await CrowdProgress.ShowAsync(TimeSpan.FromSeconds(options.GetValue(Seconds)), ProgressInterval, _ => Task.CompletedTask, cancellationToken);
            await crowd.StopAsync();
        }

        var (snapshot, violations) = await new InvariantChecker(platform).CheckAsync(TimeSpan.FromSeconds(60), cancellationToken);
        violations = [.. violations, .. account.Violations(snapshot)];
        Report.Print(account, snapshot, violations);
        return violations.Count == 0 ? 0 : 1;
    }
}
