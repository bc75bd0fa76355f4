namespace Ticketing.Reliability;

/// <summary><c>soak</c>: a crowd for a long while; memory, queues and tables must stay bounded, and everything must hold at the end.</summary>
internal static class SoakCommand
{
    public const string Help = "a crowd for a long while, with what it takes of memory and queues: [--minutes 10] [--buyers 60] [--sellers 6] [--seed N]";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        var seed = options.Number("seed", 1);
        await using var hosted = await HostedPlatform.StartAsync(FaultsCommand.Hosting(replicas: 1), cancellationToken);
        var platform = hosted.Platform;
        var sessions = await Sessions.OpenAsync(platform, cancellationToken);
        var account = new Account();
        var meter = new Meter(platform);
        await using (var crowd = new Crowd(platform, sessions, account, seed, options.Number("buyers", 60), options.Number("sellers", 6)))
        {
            crowd.Start();
            var end = TimeProvider.System.GetUtcNow().AddMinutes(options.Number("minutes", 10));
            while (TimeProvider.System.GetUtcNow() < end)
            {
                await meter.ReadAsync(cancellationToken);
                await Task.Delay(Interval, cancellationToken);
            }
            await crowd.StopAsync();
        }

        var (snapshot, violations) = await new InvariantChecker(platform).CheckAsync(TimeSpan.FromSeconds(90), cancellationToken);
        violations = [.. violations, .. account.Violations(snapshot)];
        meter.Print();
        Report.Print(account, snapshot, violations);
        return violations.Count == 0 ? 0 : 1;
    }
}
