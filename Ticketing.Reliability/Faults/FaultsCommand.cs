using System.CommandLine;
using System.CommandLine.Parsing;

namespace Ticketing.Reliability;

/// <summary><c>faults</c>: everything that can go wrong, on a platform of its own, while a crowd is buying.</summary>
internal static class FaultsCommand
{
    private const int CheckEvery = 20;

    private static readonly Option<int> Cycles = ToolCommands.Number("--cycles", 200, "How many faults");
    private static readonly Option<List<Fault>> Only = new("--only") { Description = "Only faults with one of these parts in their names, e.g. \"kill orders,redis\"", CustomParser = Named };
    private static readonly Option<int?> Seed = new("--seed") { Description = "Decides the order of faults and what everybody does; by chance if left out" };
    private static readonly Option<int> Replicas = ToolCommands.Number("--replicas", 1, "Replicas of each service");
    private static readonly Option<int> Buyers = ToolCommands.Number("--buyers", 60, "Buyers at the same time");
    private static readonly Option<int> Sellers = ToolCommands.Number("--sellers", 6, "Sellers at the same time");
    private static readonly Option<string?> Log = new("--log") { Description = "A file for the platform's last lines, if something does not hold" };

    private static readonly string[] Services = ["auth", "tickets", "orders", "payments", "expiration", "web"];

    /// <summary>Everything that can go wrong.</summary>
    public static IReadOnlyList<Fault> Faults { get; } = [.. KillFaults.All, .. StepFaults.All, .. OutageFaults.All, .. StripeFaults.All];

    public static Command Create() =>
        new Command("faults", "Every fault, again and again, while a crowd buys") { Cycles, Only, Seed, Replicas, Buyers, Sellers, Log }.Runs(RunAsync);

    private static async Task<int> RunAsync(ParseResult options, CancellationToken cancellationToken)
    {
        var seed = options.GetValue(Seed) ?? Random.Shared.Next(1_000_000);
        var known = options.GetValue(Only) ?? Faults;
        var random = new Random(seed);
        var faults = Shuffled(known, options.GetValue(Cycles), random);
        Say($"Seed {seed}; {faults.Count} faults of {known.Count} kinds");
        await using var hosted = await HostedPlatform.StartAsync(Hosting(options.GetValue(Replicas)), cancellationToken);
        var platform = hosted.Platform;
        var sessions = await Sessions.OpenAsync(platform, cancellationToken);
        var account = new Account();
        await using var crowd = new Crowd(platform, sessions, account, seed, options.GetValue(Buyers), options.GetValue(Sellers));

        var run = new FaultRun(platform, crowd, account, random, Say);
        var (snapshot, violations) = await run.RunAsync(faults, CheckEvery, cancellationToken);
        Print(run);
        Report.Print(account, snapshot, violations);
        if (violations.Count > 0 && options.GetValue(Log) is { } log)
            await File.WriteAllLinesAsync(log, hosted.Output, CancellationToken.None);
        return violations.Count == 0 ? 0 : 1;
    }

    /// <summary>Short holds, so that many end; no limits, since the crowd is one machine.</summary>
    public static HostingOptions Hosting(int replicas)
    {
        var settings = new Dictionary<string, string>
        {
            ["Parameters:hold_seconds"] = "5",
            ["Parameters:payment_grace_seconds"] = "10",
            ["Parameters:rate_limits"] = "off",
        };
        foreach (var service in Services)
            settings[$"Parameters:{service}_replicas"] = $"{replicas}";
        return new()
        {
            Settings = settings,
            // All that is paid during a run is judged at its end, so Stripe's books must not forget any of it.
            ServiceEnvironment = new Dictionary<string, string> { ["Sandbox__KeptPayments"] = "1000000" },
        };
    }

    /// <summary>All kinds in an order by chance, then again in another, until there are enough.</summary>
    public static List<Fault> Shuffled(IReadOnlyList<Fault> known, int count, Random random)
    {
        var faults = new List<Fault>();
        while (faults.Count < count)
        {
            Fault[] round = [.. known];
            random.Shuffle(round);
            faults.AddRange(round);
        }
        return faults[..count];
    }

    private static List<Fault> Named(ArgumentResult argument)
    {
        var parts = argument.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries);
        List<Fault> named = [.. Faults.Where(fault => parts.Any(part => fault.Name.Contains(part, StringComparison.OrdinalIgnoreCase)))];
        if (named.Count == 0)
            argument.AddError($"No fault is called so. There are:\n{string.Join('\n', Faults.Select(fault => fault.Name))}");
        return named;
    }

    private static void Print(FaultRun run)
    {
        ConsoleTable.Print(
            ["fault", "times", "at another step", "whole again within, s"],
            run.Tallies.OrderBy(tally => tally.Key, StringComparer.Ordinal).Select(tally => new[]
            {
                tally.Key, $"{tally.Value.Times}", $"{tally.Value.Missed}", $"{tally.Value.LongestRecovery.TotalSeconds:0.0}",
            }));
        Say($"{run.Tallies.Values.Sum(tally => tally.Times)} faults, of them {run.Tallies.Values.Where(tally => tally.Kills).Sum(tally => tally.Times)} kills; "
            + $"the longest hold outlasted its end by {run.LongestHold.TotalSeconds:0.0} s");
    }

    private static void Say(string line) => Console.WriteLine(line);
}
