namespace Ticketing.Reliability;

/// <summary><c>workload</c>: a crowd on a platform of its own for a while, without faults; then everything is checked.</summary>
internal static class WorkloadCommand
{
    public const string Help = "a crowd of buyers and sellers, without faults: [--seconds 60] [--buyers 100] [--sellers 10] [--seed N]";

    public static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        var seed = options.Number("seed", Random.Shared.Next());
        Console.WriteLine($"Seed {seed}");
        await using var hosted = await HostedPlatform.StartAsync(FaultsCommand.Hosting(replicas: 1), cancellationToken);
        var platform = hosted.Platform;
        var sessions = await Sessions.OpenAsync(platform, cancellationToken);
        var account = new Account();
        await using (var crowd = new Crowd(platform, sessions, account, seed, options.Number("buyers", 100), options.Number("sellers", 10)))
        {
            crowd.Start();
            await Task.Delay(TimeSpan.FromSeconds(options.Number("seconds", 60)), cancellationToken);
            await crowd.StopAsync();
        }

        var (snapshot, violations) = await new InvariantChecker(platform).CheckAsync(TimeSpan.FromSeconds(60), cancellationToken);
        violations = [.. violations, .. account.Violations(snapshot)];
        Report.Print(account, snapshot, violations);
        return violations.Count == 0 ? 0 : 1;
    }
}
