using System.Globalization;
using Ticketing.Contracts.Api;
using Ticketing.Web.Languages;

namespace Ticketing.Web.Pages.Sales;

/// <summary>
/// What was earned over time in one currency, as bars: one for each day, or for each week when there are many days. Drawn
/// on a field of <see cref="Width"/> by <see cref="Height"/>, which the page stretches to its own.
/// </summary>
internal sealed record SalesChart(
    string Currency, DateOnly From, DateOnly Through, decimal Top, bool Weekly, IReadOnlyList<SalesBar> Bars)
{
    public const int Width = 1000;
    public const int Height = 200;

    /// <summary>More bars than this are too thin for a phone.</summary>
    private const int MostBars = 92;

    private const int DaysOfWeek = 7;

    public static SalesChart Of(SalesResponse sales, string currency)
    {
        var days = sales.Through.DayNumber - sales.From.DayNumber + 1;
        var weekly = days > MostBars;
        var step = weekly ? DaysOfWeek : 1;
        var sold = sales.Days.Where(day => day.Currency == currency)
            // Counted back from today, so that the last week is a whole one.
            .ToLookup(day => (sales.Through.DayNumber - day.Day.DayNumber) / step);
        var count = (days + step - 1) / step;
        var slot = (double)Width / count;
        var top = RoundUp(Enumerable.Range(0, count).Max(back => sold[back].Sum(day => day.Amount)));
        var bars = Enumerable.Range(0, count).Reverse().Select((back, index) =>
        {
            var amount = sold[back].Sum(day => day.Amount);
            var height = (double)(amount / top) * Height;
            var last = sales.Through.AddDays(-back * step);
            var first = last.AddDays(1 - step);
            return new SalesBar(
                first < sales.From ? sales.From : first, last, sold[back].Sum(day => day.Tickets), amount,
                index * slot, slot, Height - height, height);
        });
        return new(currency, sales.From, sales.Through, top, weekly, [.. bars]);
    }

    /// <summary>To one of few numbers and noughts, so that the scale is round and the bars fill most of it.</summary>
    private static decimal RoundUp(decimal amount)
    {
        for (var unit = 0.01m; ; unit *= 10)
        {
            foreach (var factor in (decimal[])[1, 1.5m, 2, 3, 4, 5, 6, 8])
            {
                if (unit * factor >= amount)
                    return unit * factor;
            }
        }
    }

    /// <summary>A day for people, such as <c>5 Dec</c> or <c>5. Dez.</c>; the year only where several are shown.</summary>
    public static string Day(DateOnly day, bool year = false) => day.ToString(
        (CultureInfo.CurrentCulture.Name == Cultures.German.Name ? "d. MMM" : "d MMM") + (year ? " yyyy" : ""), CultureInfo.CurrentCulture);
}

/// <summary>One bar of a chart.</summary>
/// <param name="From">Its first day.</param>
/// <param name="Through">Its last day.</param>
/// <param name="Tickets">How many were sold.</param>
/// <param name="Amount">For how much.</param>
/// <param name="Left">Where its place begins.</param>
/// <param name="Slot">How wide its place is.</param>
/// <param name="Top">Where the bar begins.</param>
/// <param name="Height">How high it is.</param>
internal sealed record SalesBar(
    DateOnly From, DateOnly Through, long Tickets, decimal Amount, double Left, double Slot, double Top, double Height)
{
    public string When => From == Through ? SalesChart.Day(From) : $"{SalesChart.Day(From)} – {SalesChart.Day(Through)}";
}

/// <summary>Numbers for SVG, whatever the language of the page.</summary>
internal static class Svg
{
    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
