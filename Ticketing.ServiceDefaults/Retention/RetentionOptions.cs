using System.ComponentModel.DataAnnotations;

namespace Ticketing.ServiceDefaults;

/// <summary>Settings under <c>Retention</c>, the same for all services.</summary>
public sealed class RetentionOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Retention";

    /// <summary>How many days, at least, an order that nobody paid is kept after it was placed, and a change of price.</summary>
    [Range(30, 3_650)]
    public int Days { get; init; } = 30;
}
