using System.CommandLine;
using Ticketing.Reliability;

namespace Ticketing.Benchmarks;

/// <summary>
/// Whole purchases, reserved, paid and completed, with 1, 2 and 3 replicas of every service, and what each part of the
/// platform has to do for one.
/// </summary>
internal static class ScalingCommand
{
    private static readonly string[] Services = ["auth", "tickets", "orders", "payments", "expiration", "web"];

    private static readonly Option<int> Seconds = ToolCommands.Number("--seconds", 30, "How long shoppers buy each time");
    private static readonly Option<int> ShopperCount = ToolCommands.Number("--shoppers", 32, "Shoppers at the same time");
    private static readonly Option<int> Replicas = ToolCommands.Number("--replicas", 3, "The most replicas of each service");

    public static Command Create() => new Command("scaling", "Whole purchases a second with more and more replicas, and each part's processor time for one")
    {
        Seconds, ShopperCount, Replicas,
    }.Runs(RunAsync);

    private static async Task RunAsync(ParseResult options, CancellationToken cancellationToken)
    {
        var (seconds, shoppers, most) = (options.GetValue(Seconds), options.GetValue(ShopperCount), options.GetValue(Replicas));
        var report = new Report(
            "scaling", "replicas of each service", "purchases/s", "reserve p50, ms", "p99", "pay p50, ms", "p99", "drain, ms", "processor, ms a purchase");
        IReadOnlyDictionary<string, double> parts = new Dictionary<string, double>();
        for (var replicas = 1; replicas <= most; replicas++)
        {
            var (bought, costs) = await MeasureAsync(replicas, shoppers, TimeSpan.FromSeconds(seconds), cancellationToken);
            report.Add(
                $"{replicas}", Report.Number(bought.Rate), Time(bought.Reserved, .5), Time(bought.Reserved, .99), Time(bought.Paid, .5), Time(bought.Paid, .99),
                Report.Milliseconds(bought.Drain), Report.Number(costs.Values.Sum()));
            if (replicas == 1)
                parts = costs;
        }
        report.Note($"{shoppers} shoppers through the site for {seconds} s, {PurchaseCosts.Listings} listings, card payments through the sandbox; from the first reservation to the last completed order.");
        report.Publish();

        var costly = new Report("costs", "part", "processor, ms a purchase", "share");
        foreach (var (part, milliseconds) in parts.OrderByDescending(part => part.Value))
            costly.Add(part, Report.Hundredths(milliseconds), $"{milliseconds / parts.Values.Sum():0 %}");
        costly.Note("With 1 replica of each service. The shoppers themselves are not in it; what is done all the time, such as polls, is.");
        costly.Publish();

        static string Time(IReadOnlyList<TimeSpan> times, double part) =>
            Report.Milliseconds(TimeSpan.FromMilliseconds(Report.Percentile(times.Select(time => time.TotalMilliseconds), part)));
    }

    private static async Task<(Purchases, IReadOnlyDictionary<string, double>)> MeasureAsync(
        int replicas, int shoppers, TimeSpan time, CancellationToken cancellationToken)
    {
        await using var bench = await Workbench.OpenAsync(
            cancellationToken, [.. Services.Select(service => ($"Parameters:{service}_replicas", $"{replicas}"))]);
        return await PurchaseCosts.MeasureAsync(bench, shoppers, time, cancellationToken);
    }
}
