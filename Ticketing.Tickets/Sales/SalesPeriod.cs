using System.Globalization;
using Ticketing.ApiDefaults;

namespace Ticketing.Tickets.Sales;

/// <summary>Some days of UTC, both ends included, of which the last is today.</summary>
internal readonly record struct SalesPeriod(DateOnly From, DateOnly Through)
{
    public const int Default = 30;
    public const int Max = 366;

    public int Days => Through.DayNumber - From.DayNumber + 1;

    /// <param name="days">The query's <c>days</c>, 1–366, or null for 30.</param>
    /// <param name="clock">Says what today is.</param>
    /// <param name="errors">Gets an error if it is no such number.</param>
    public static SalesPeriod Parse(string? days, TimeProvider clock, ValidationErrors errors)
    {
        var count = Default;
        if (days is not null)
        {
            errors.Require(
                int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is >= 1 and <= Max,
                "days", $"Ask for between 1 and {Max} days.");
        }
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        return new(today.AddDays(1 - Math.Clamp(count, 1, Max)), today);
    }
}
