namespace Ticketing.Benchmarks;

/// <summary>
/// Whole purchases, reserved, paid and completed, with 1, 2 and 3 replicas of every service, and what each part of the
/// platform has to do for one.
/// </summary>
internal static class ScalingCommand
{
    public const string Help = "whole purchases/s with 1, 2 and 3 replicas, and each part's processor time for one; --seconds 30 --shoppers 32 --replicas 3";

    private const int Listings = 1_000;

    private static readonly string[] Services = ["auth", "tickets", "orders", "payments", "expiration", "web"];

    public static async Task RunAsync(Reliability.Options options, CancellationToken cancellationToken)
    {
        var (seconds, shoppers, most) = (options.Number("seconds", 30), options.Number("shoppers", 32), options.Number("replicas", 3));
        var report = new Report(
            "scaling", "replicas of each service", "purchases/s", "reserve p50, ms", "p99", "pay p50, ms", "p99", "drain, ms", "processor, ms a purchase");
        IReadOnlyList<(string Part, double Milliseconds)> parts = [];
        for (var replicas = 1; replicas <= most; replicas++)
        {
            var (bought, costs) = await MeasureAsync(replicas, shoppers, TimeSpan.FromSeconds(seconds), cancellationToken);
            report.Add(
                $"{replicas}", Report.Number(bought.Rate), Time(bought.Reserved, .5), Time(bought.Reserved, .99), Time(bought.Paid, .5), Time(bought.Paid, .99),
                Report.Milliseconds(bought.Drain), Report.Number(costs.Sum(cost => cost.Milliseconds)));
            if (replicas == 1)
                parts = costs;
        }
        report.Note($"{shoppers} shoppers through the site for {seconds} s, {Listings} listings, card payments through the sandbox; from the first reservation to the last completed order.");
        report.Publish();

        var costly = new Report("costs", "part", "processor, ms a purchase", "share");
        foreach (var (part, milliseconds) in parts.OrderByDescending(cost => cost.Milliseconds))
            costly.Add(part, milliseconds.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture), $"{milliseconds / parts.Sum(cost => cost.Milliseconds):0 %}");
        costly.Note("With 1 replica of each service. The shoppers themselves are not in it; what is done all the time, such as polls, is.");
        costly.Publish();

        static string Time(IReadOnlyList<TimeSpan> times, double part) =>
            Report.Milliseconds(TimeSpan.FromMilliseconds(Report.Percentile(times.Select(time => time.TotalMilliseconds), part)));
    }

    private static async Task<(Purchases, IReadOnlyList<(string Part, double Milliseconds)>)> MeasureAsync(
        int replicas, int shoppers, TimeSpan time, CancellationToken cancellationToken)
    {
        await using var bench = await Workbench.OpenAsync(
            cancellationToken, [.. Services.Select(service => ($"Parameters__{service}_replicas", $"{replicas}"))]);
        var crowd = new Shoppers(bench, await bench.ListAsync(Listings, Workbench.Plenty, cancellationToken));
        // So that everything is compiled, connected and prepared.
        await crowd.BuyAsync(shoppers, time / 3, cancellationToken);
        var before = await ProcessorTime.ReadAsync(bench.Platform, cancellationToken);
        var bought = await crowd.BuyAsync(shoppers, time, cancellationToken);
        var after = await ProcessorTime.ReadAsync(bench.Platform, cancellationToken);
        return (bought, [.. after.Select(part => (part.Key, 1000 * (part.Value - before[part.Key]) / bought.Complete))]);
    }
}
