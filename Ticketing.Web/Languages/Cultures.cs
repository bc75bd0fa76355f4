using System.Globalization;

namespace Ticketing.Web.Languages;

/// <summary>
/// The languages of the site. Their formats are written down here: the platform runs without ICU, and what a price looks
/// like should not change with a machine's libraries.
/// </summary>
internal static class Cultures
{
    public static CultureInfo English { get; } = CultureInfo.ReadOnly(new CultureInfo("en"));

    public static CultureInfo German { get; } = CreateGerman();

    /// <summary>The first is the default, and the language of the keys.</summary>
    public static IReadOnlyList<CultureInfo> All { get; } = [English, German];

    /// <summary>What a language calls itself.</summary>
    public static string NameOf(CultureInfo culture) => culture.Name == German.Name ? "Deutsch" : "English";

    /// <summary>Says something in a language, outside a request that has one.</summary>
    public static T Say<T>(CultureInfo culture, Func<T> words)
    {
        var (before, beforeInUi) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = culture;
            return words();
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (before, beforeInUi);
        }
    }

    private static CultureInfo CreateGerman()
    {
        var german = new CultureInfo("de");
        german.NumberFormat.NumberDecimalSeparator = german.NumberFormat.CurrencyDecimalSeparator = ",";
        german.NumberFormat.NumberGroupSeparator = german.NumberFormat.CurrencyGroupSeparator = ".";
        german.NumberFormat.PercentDecimalSeparator = ",";
        german.NumberFormat.PercentGroupSeparator = ".";
        var dates = german.DateTimeFormat;
        dates.FirstDayOfWeek = DayOfWeek.Monday;
        dates.ShortDatePattern = "dd.MM.yyyy";
        dates.DateSeparator = ".";
        dates.DayNames = ["Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"];
        dates.AbbreviatedDayNames = dates.ShortestDayNames = ["So.", "Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa."];
        dates.MonthNames = dates.MonthGenitiveNames =
            ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember", ""];
        dates.AbbreviatedMonthNames = dates.AbbreviatedMonthGenitiveNames =
            ["Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez.", ""];
        return CultureInfo.ReadOnly(german);
    }
}
