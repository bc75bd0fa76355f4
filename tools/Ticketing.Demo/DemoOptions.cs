using System.ComponentModel.DataAnnotations;

namespace Ticketing.Demo;

/// <summary>The section <c>Demo</c> of the configuration.</summary>
internal sealed class DemoOptions
{
    public const string Section = "Demo";

    /// <summary>How many listings there are to be.</summary>
    [Range(1, 5_000)]
    public int Listings { get; init; } = 500;

    /// <summary>How many people buy.</summary>
    [Range(1, 100)]
    public int Buyers { get; init; } = 20;

    /// <summary>Seconds between two purchases of all buyers together, on average; not below a tenth.</summary>
    [Range(0.1, 3600)]
    public double SecondsBetweenPurchases { get; init; } = 2;
}
