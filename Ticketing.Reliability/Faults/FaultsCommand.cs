namespace Ticketing.Reliability;

/// <summary><c>faults</c>: everything that can go wrong, on a platform of its own, while a crowd is buying.</summary>
internal static class FaultsCommand
{
    public const string Help =
        "every fault, again and again, while a crowd buys: [--cycles 200] [--only PARTS,OF,NAMES] [--seed N] [--replicas 1] [--buyers 60] [--sellers 6] [--log FILE for the platform's last lines]";

    private const int CheckEvery = 20;

    private static readonly string[] Services = ["auth", "tickets", "orders", "payments", "expiration", "web"];

    /// <summary>Everything that can go wrong.</summary>
    public static IReadOnlyList<Fault> Faults { get; } = [.. KillFaults.All, .. StepFaults.All, .. OutageFaults.All, .. StripeFaults.All];

    public static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        var seed = options.Number("seed", Random.Shared.Next(1_000_000));
        var wanted = options.Text("only", "").Split(',', StringSplitOptions.TrimEntries);
        List<Fault> known = [.. Faults.Where(fault => wanted.Any(part => fault.Name.Contains(part, StringComparison.OrdinalIgnoreCase)))];
        if (known.Count == 0)
            throw new ArgumentException($"No fault is called so. There are:\n{string.Join('\n', Faults.Select(fault => fault.Name))}");

        var random = new Random(seed);
        var faults = Shuffled(known, options.Number("cycles", 200), random);
        Say($"Seed {seed}; {faults.Count} faults of {known.Count} kinds");
        await using var hosted = await HostedPlatform.StartAsync(Hosting(options.Number("replicas", 1)), cancellationToken);
        var platform = hosted.Platform;
        var sessions = await Sessions.OpenAsync(platform, cancellationToken);
        var account = new Account();
        await using var crowd = new Crowd(platform, sessions, account, seed, options.Number("buyers", 60), options.Number("sellers", 6));

        var run = new FaultRun(platform, crowd, account, random, Say);
        var (snapshot, violations) = await run.RunAsync(faults, CheckEvery, cancellationToken);
        Print(run);
        Report.Print(account, snapshot, violations);
        if (violations.Count > 0 && options.Find("log") is { } log)
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

    private static void Print(FaultRun run)
    {
        Say("");
        Say($"{"fault",-70} {"times",5} {"whole again within",18}");
        foreach (var (name, tally) in run.Tallies.OrderBy(tally => tally.Key, StringComparer.Ordinal))
            Say($"{name,-70} {tally.Times,5} {tally.LongestRecovery.TotalSeconds,16:0.0} s{(tally.Missed > 0 ? $" ({tally.Missed} at another step)" : "")}");
        Say($"{run.Tallies.Values.Sum(tally => tally.Times)} faults, of them {run.Tallies.Values.Where(tally => tally.Kills).Sum(tally => tally.Times)} kills; "
            + $"the longest hold outlasted its end by {run.LongestHold.TotalSeconds:0.0} s");
    }

    private static void Say(string line) => Console.WriteLine(line);
}
