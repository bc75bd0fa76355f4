using Dapper;
using Shouldly;
using Ticketing.Reliability;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Reliability;

/// <summary>
/// The short version of the long fault run: the whole platform as processes, a crowd that buys, and every named step
/// once, by a fixed seed. The long one is <c>dotnet run --project Ticketing.Reliability -- faults</c>.
/// </summary>
[Collection(typeof(WholePlatforms))]
public sealed class FaultTests(ITestOutputHelper output)
{
    private const int Seed = 1;

    [Fact]
    public async Task Nothing_is_lost_whichever_process_is_killed_at_whichever_step()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var hosted = await HostedPlatform.StartAsync(FaultsCommand.Hosting(replicas: 1), cancellationToken);
        var platform = hosted.Platform;
        var sessions = await Sessions.OpenAsync(platform, cancellationToken);
        var account = new Account();
        await using var crowd = new Crowd(platform, sessions, account, Seed, buyers: 4, sellers: 1);
        var random = new Random(Seed);
        string[] others = ["redis emptied", "kill every service together", "kill every server together"];
        List<Fault> faults = [.. StepFaults.All, .. FaultsCommand.Faults.Where(fault => others.Contains(fault.Name))];

        // How late a hold ends, and how soon all is whole again, is the long run's to say: here other tests have the machine as well.
        var run = new FaultRun(platform, crowd, account, random, output.WriteLine)
        {
            HoldsEndWithin = TimeSpan.FromMinutes(3), RecoversWithin = TimeSpan.FromMinutes(6),
        };
        var (snapshot, violations) = await run.RunAsync(FaultsCommand.Shuffled(faults, faults.Count, random), checkEvery: faults.Count, cancellationToken);

        violations.ShouldBeEmpty();
        account.Orders.ShouldBeGreaterThan(50);
        snapshot.Orders.Values.Count(order => order.Complete).ShouldBeGreaterThan(20);
        await ShouldFindAsync(platform, account, cancellationToken);
    }

    /// <summary>The negative control: what is broken on purpose is found.</summary>
    private static async Task ShouldFindAsync(Platform platform, Account account, CancellationToken cancellationToken)
    {
        await using (var orders = await platform.Database("orders").OpenConnectionAsync(cancellationToken))
        {
            await orders.ExecuteAsync("DELETE FROM orders WHERE id = (SELECT id FROM orders WHERE status = 'complete' LIMIT 1)");
        }

        var (snapshot, violations) = await new InvariantChecker(platform).CheckAsync(TimeSpan.Zero, cancellationToken);

        string[] found = [.. violations.Concat(account.Violations(snapshot)).Select(violation => violation.Invariant)];
        foreach (var expected in (string[])["Orders' stock adds up", "Money is taken for an order", "Every order that Tickets knows exists"])
            found.ShouldContain(expected);
    }
}
