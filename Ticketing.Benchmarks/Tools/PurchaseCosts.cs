namespace Ticketing.Benchmarks;

/// <summary>Whole purchases, and what each part of the platform has to do for one.</summary>
internal static class PurchaseCosts
{
    public const int Listings = 1_000;

    /// <summary>So many shoppers for so long, after a third of that to warm up.</summary>
    /// <returns>What they bought, and the processor's time that each part used, in milliseconds a purchase.</returns>
    public static async Task<(Purchases Bought, IReadOnlyDictionary<string, double> Milliseconds)> MeasureAsync(
        Workbench bench, int shoppers, TimeSpan time, CancellationToken cancellationToken)
    {
        var crowd = new Shoppers(bench, await bench.ListAsync(Listings, Workbench.Plenty, cancellationToken));
        // So that everything is compiled, connected and prepared.
        await crowd.BuyAsync(shoppers, time / 3, cancellationToken);
        var before = ProcessorTime.Read(bench.Platform);
        var bought = await crowd.BuyAsync(shoppers, time, cancellationToken);
        var after = ProcessorTime.Read(bench.Platform);
        return (bought, after.ToDictionary(part => part.Key, part => 1000 * (part.Value - before[part.Key]) / bought.Complete));
    }
}
