using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Ticketing.Reliability;

namespace Ticketing.Benchmarks;

/// <summary>How long the whole platform takes to be up, and what each part of it occupies when nobody is there and when many are.</summary>
internal static class StartupCommand
{
    private static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(1);

    /// <summary>What runs the product on a developer's machine, and is not deployed.</summary>
    private static readonly string[] Tooling = ["Ticketing.AppHost", "Aspire.Dashboard", "dcp"];

    private static readonly Option<int> Rounds = ToolCommands.Number("--rounds", 3, "Rounds, of which the median counts");
    private static readonly Option<int> Idle = ToolCommands.Number("--idle", 15, "Seconds after which a platform counts as idle");
    private static readonly Option<int> Seconds = ToolCommands.Number("--seconds", 20, "How long shoppers buy");
    private static readonly Option<int> ShopperCount = ToolCommands.Number("--shoppers", 32, "Shoppers at the same time");

    public static Command Create() =>
        new Command("startup", "Time to healthy, memory idle and under load, processor time of a purchase") { Rounds, Idle, Seconds, ShopperCount }.Runs(RunAsync);

    private static async Task RunAsync(ParseResult options, CancellationToken cancellationToken)
    {
        var report = new Report("startup", "data directory", "everything healthy after, s", "each time, s");
        var (made, kept) = await StartAsync(options.GetValue(Rounds), cancellationToken);
        Add("new", made);
        Add("of the run before", kept);
        report.Note("From the start of the AppHost's process, built before, until the site says that every service is healthy: looked at every 0.1 s, medians.");
        report.Publish();
        await OccupyIdleAsync(options, cancellationToken);
        await OccupyAsync(options, cancellationToken);

        void Add(string data, IReadOnlyList<double> seconds) =>
            report.Add(data, Seconds(Report.Median(seconds)), string.Join(", ", seconds.Select(Seconds)));

        static string Seconds(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
    }

    private static async Task<(IReadOnlyList<double> Made, IReadOnlyList<double> Kept)> StartAsync(int rounds, CancellationToken cancellationToken)
    {
        var (made, kept) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            var data = Path.Combine(Path.GetTempPath(), $"ticketing-benchmarks-{Guid.NewGuid():N}");
            try
            {
                made.Add(await SecondsToStartAsync(data));
                kept.Add(await SecondsToStartAsync(data));
                Console.WriteLine($"Up after {made[^1]:0.0} s with a new data directory, {kept[^1]:0.0} s with the same again");
            }
            finally
            {
                if (Directory.Exists(data))
                    Directory.Delete(data, recursive: true);
            }
        }
        return (made, kept);

        async Task<double> SecondsToStartAsync(string data)
        {
            var start = Stopwatch.GetTimestamp();
            using var process = await AppHostProcess.StartAsync(data, new Dictionary<string, string>(), cancellationToken);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            await process.EndAsync(Signal.Terminate);
            return seconds;
        }
    }

    /// <summary>With the dashboard and all that Aspire brings, as developers run it.</summary>
    private static async Task OccupyIdleAsync(ParseResult options, CancellationToken cancellationToken)
    {
        var idleSeconds = options.GetValue(Idle);
        var report = new Report("memory-idle", "program", "MB");
        var data = Path.Combine(Path.GetTempPath(), $"ticketing-benchmarks-{Guid.NewGuid():N}");
        using var process = await AppHostProcess.StartAsync(data, new Dictionary<string, string>(), cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(idleSeconds), cancellationToken);
        var memory = ProcessMemory.Read(process);
        await process.EndAsync(Signal.Terminate);
        Directory.Delete(data, recursive: true);

        foreach (var (program, megabytes) in memory.OrderByDescending(part => part.Value))
            report.Add(program, Report.Number(megabytes));
        var tooling = memory.Where(part => Tooling.Contains(part.Key)).Sum(part => part.Value);
        report.Add("**the product together**", Report.Number(memory.Values.Sum() - tooling));
        report.Add("**tooling together**", Report.Number(tooling));
        report.Note($"Proportional set size, {idleSeconds} s after everything was healthy; one replica of each.");
        report.Publish();
    }

    private static async Task OccupyAsync(ParseResult options, CancellationToken cancellationToken)
    {
        var (idleSeconds, time, shoppers) = (options.GetValue(Idle), TimeSpan.FromSeconds(options.GetValue(Seconds)), options.GetValue(ShopperCount));
        var report = new Report("memory", "part", "idle, MB", "under load, MB", "processor, ms a purchase");
        await using var bench = await Workbench.OpenAsync(cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(idleSeconds), cancellationToken);
        var idle = ProcessMemory.Read(bench.Platform);

        var buying = PurchaseCosts.MeasureAsync(bench, shoppers, time, cancellationToken);
        var most = new Dictionary<string, double>(idle);
        while (await Task.WhenAny(buying, Task.Delay(SampleInterval, cancellationToken)) != buying)
        {
            foreach (var (part, megabytes) in ProcessMemory.Read(bench.Platform))
                most[part] = Math.Max(most.GetValueOrDefault(part), megabytes);
        }
        var (bought, costs) = await buying;

        foreach (var (part, megabytes) in idle.OrderByDescending(part => most[part.Key]))
            report.Add(part, Report.Number(megabytes), Report.Number(most[part]), costs.TryGetValue(part, out var cost) ? Report.Hundredths(cost) : "–");
        report.Add("**together**", Report.Number(idle.Values.Sum()), Report.Number(most.Values.Sum()), Report.Hundredths(costs.Values.Sum()));
        report.Note($"""
            One replica of each. Memory is the proportional set size (what processes share counts once, in parts), {idleSeconds} s after the start, and
            the most that was seen while {shoppers} shoppers bought for {time.TotalSeconds:0} s: {bought.Rate:0} purchases a second, each reserved, paid and completed.
            """);
        report.Publish();
    }
}
