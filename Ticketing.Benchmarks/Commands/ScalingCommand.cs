namespace Ticketing.Benchmarks;

/// <summary>
/// Whole purchases, reserved, paid and completed, with 1, 2 and 3 replicas of every service, and what each part of the
/// platform has to do for one.
/// </summary>
internal static class ScalingCommand
{
    public const string Help = "whole purchases/s with 1, 2 and 3 replicas, and each part's processor time for one; --seconds 30 --shoppers 32 --replicas 3";

    private static readonly string[] Services = ["auth", "tickets", "orders", "payments", "expiration", "web"];

    public static async Task RunAsync(Reliability.Options options, CancellationToken cancellationToken)
    {
        var (seconds, shoppers, most) = (options.Number("seconds", 30), options.Number("shoppers", 32), options.Number("replicas", 3));
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
