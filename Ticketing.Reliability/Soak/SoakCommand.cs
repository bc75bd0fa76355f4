using System.CommandLine;

namespace Ticketing.Reliability;

/// <summary><c>soak</c>: a crowd for a long while; memory, queues and tables must stay bounded, and everything must hold at the end.</summary>
internal static class SoakCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private static readonly Option<int> Minutes = ToolCommands.Number("--minutes", 10, "For how long");
    private static readonly Option<int> Buyers = ToolCommands.Number("--buyers", 60, "Buyers at the same time");
    private static readonly Option<int> Sellers = ToolCommands.Number("--sellers", 6, "Sellers at the same time");
    private static readonly Option<int> Seed = ToolCommands.Number("--seed", 1, "Decides what everybody does");

    public static Command Create() =>
        new Command("soak", "A crowd for a long while, with what it takes of memory and queues") { Minutes, Buyers, Sellers, Seed }.Runs(RunAsync);

    private static async Task<int> RunAsync(ParseResult options, CancellationToken cancellationToken)
    {
        await using var hosted = await HostedPlatform.StartAsync(FaultsCommand.Hosting(replicas: 1), cancellationToken);
        var platform = hosted.Platform;
        var sessions = await Sessions.OpenAsync(platform, cancellationToken);
        var account = new Account();
        var meter = new Meter(platform);
        await using (var crowd = new Crowd(platform, sessions, account, options.GetValue(Seed), options.GetValue(Buyers), options.GetValue(Sellers)))
        {
            crowd.Start();
            await CrowdProgress.ShowAsync(TimeSpan.FromMinutes(options.GetValue(Minutes)), Interval, meter.ReadAsync, cancellationToken);
            await crowd.StopAsync();
        }

        var (snapshot, violations) = await new InvariantChecker(platform).CheckAsync(TimeSpan.FromSeconds(90), cancellationToken);
        violations = [.. violations, .. account.Violations(snapshot)];
        meter.Print();
        Report.Print(account, snapshot, violations);
        return violations.Count == 0 ? 0 : 1;
    }
}
