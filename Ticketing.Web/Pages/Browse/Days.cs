using System.Globalization;

namespace Ticketing.Web.Pages.Browse;

/// <summary>A choice of days that people often look for, as a link.</summary>
/// <param name="Label">In English, as a key.</param>
/// <param name="From">The first day; null for any.</param>
/// <param name="To">The last day.</param>
internal sealed record Days(string Label, string? From, string? To)
{
    /// <summary>What one can choose on this day.</summary>
    public static IReadOnlyList<Days> On(DateOnly today)
    {
        // From Friday on, on a Sunday what is left of it.
        var friday = today.DayOfWeek switch
        {
            DayOfWeek.Saturday or DayOfWeek.Sunday => today,
            var day => today.AddDays(DayOfWeek.Friday - day),
        };
        var sunday = today.AddDays((7 - (int)today.DayOfWeek) % 7);
        return
        [
            new("Any date", null, null),
            new("Today", Text(today), Text(today)),
            new("This weekend", Text(friday), Text(sunday)),
            new("Next 30 days", Text(today), Text(today.AddDays(30))),
        ];
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
