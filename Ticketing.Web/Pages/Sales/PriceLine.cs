using Ticketing.Contracts.Api;

namespace Ticketing.Web.Pages.Sales;

/// <summary>A price over its changes as a line of steps, one step for each price.</summary>
internal static class PriceLine
{
    public const int Width = 300;
    public const int Height = 40;

    private const int Margin = 4;

    /// <summary>The line as a path for SVG; null if it was in several currencies, which have no common scale.</summary>
    /// <param name="changes">Newest first; at least one.</param>
    public static string? Of(IReadOnlyList<PriceChange> changes)
    {
        if (changes.Any(change => change.Currency != change.OldCurrency || change.Currency != changes[0].Currency))
            return null;
        decimal[] prices = [changes[^1].OldPrice, .. changes.Reverse().Select(change => change.Price)];
        var (low, high) = (prices.Min(), prices.Max());
        var step = (double)Width / prices.Length;
        return string.Concat(prices.Select((price, index) =>
        {
            var y = Margin + (double)((high - price) / (high - low)) * (Height - 2 * Margin);
            return $"{(index == 0 ? $"M0 {Svg.Number(y)}" : $"V{Svg.Number(y)}")}H{Svg.Number((index + 1) * step)}";
        }));
    }
}
