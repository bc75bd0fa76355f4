using System.Diagnostics;

namespace Ticketing.Reliability;

/// <summary>
/// A crowd on a platform, and faults one after the other. Now and then the crowd pauses, everything settles, and all
/// invariants are checked.
/// </summary>
internal sealed class FaultRun(Platform platform, Crowd crowd, Account account, Random random, Action<string> progress)
{
    private readonly Dictionary<string, FaultTally> tallies = [];

    /// <summary>By how much a hold may outlast its end while Orders and its database are there.</summary>
    public TimeSpan HoldsEndWithin { get; init; } = Invariant.HoldEndsWithin;

    /// <summary>How long the platform may take to be whole again after a fault, and to settle after the crowd.</summary>
    public TimeSpan RecoversWithin { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How often each fault struck, and how long the platform took to be whole again.</summary>
    public IReadOnlyDictionary<string, FaultTally> Tallies => tallies;

    /// <summary>By how much the latest hold outlasted its end.</summary>
    public TimeSpan LongestHold { get; private set; }

    /// <param name="faults">What goes wrong, in this order.</param>
    /// <param name="checkEvery">After how many of them everything is checked.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The last look, and what did not hold; a run ends at the first check that finds something.</returns>
    public async Task<(Snapshot Snapshot, IReadOnlyList<Violation> Violations)> RunAsync(
        IReadOnlyList<Fault> faults, int checkEvery, CancellationToken cancellationToken)
    {
        var checker = new InvariantChecker(platform);
        for (var next = 0; ;)
        {
            await using (var monitor = new HoldMonitor(platform, account, HoldsEndWithin))
            {
                crowd.Start();
                var until = Math.Min(next + checkEvery, faults.Count);
                for (; next < until; next++)
                    await StrikeAsync(faults[next], $"[{next + 1,3}/{faults.Count}]", monitor, cancellationToken);
                await crowd.StopAsync();
                LongestHold = monitor.Longest > LongestHold ? monitor.Longest : LongestHold;
            }

            var (snapshot, violations) = await checker.CheckAsync(RecoversWithin, cancellationToken);
            violations = [.. violations, .. account.Violations(snapshot)];
            progress($"checked: {account.Operations} operations, {snapshot.Orders.Count} orders, {violations.Count} violations");
            if (violations.Count > 0 || next == faults.Count)
                return (snapshot, violations);
        }
    }

    private async Task StrikeAsync(Fault fault, string number, HoldMonitor monitor, CancellationToken cancellationToken)
    {
        monitor.Excused = fault.OrdersAway;
        var watch = Stopwatch.StartNew();
        var context = new FaultContext(platform, account, random, cancellationToken);
        var struck = await fault.Strike(context);
        watch.Restart();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(RecoversWithin);
        try
        {
            await platform.IsWholeAsync(context.Killed, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            account.Break("The platform comes back", $"it had not {RecoversWithin.TotalSeconds} s after: {fault.Name}");
        }
        monitor.Excused = false;

        if (!tallies.TryGetValue(fault.Name, out var tally))
            tallies[fault.Name] = tally = new FaultTally(fault.Kills);
        tally.Note(struck, watch.Elapsed);
        progress($"{number} {fault.Name}{(struck ? "" : " (its step did not come)")}: whole again after {watch.Elapsed.TotalSeconds:0.0} s; {account.Operations} operations");
        await Task.Delay(random.Next(1500), cancellationToken);
    }
}
