using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Ticketing.Web.Pages.Parts;

/// <summary>What the next page says once, after something was done: <c>this.Notice(Texts.Shared("Saved."))</c>.</summary>
internal static class NoticeExtensions
{
    public const string Key = "Notice";

    public const string WarningKey = "Warning";

    /// <param name="page">The page that did it and leads on to another.</param>
    /// <param name="words">In the visitor's language.</param>
    public static void Notice(this PageModel page, string words) => page.TempData[Key] = words;

    /// <summary>The same for what was not done: said on this page, or on the next one if this leads on.</summary>
    /// <param name="page">The page that did not do it.</param>
    /// <param name="words">In the visitor's language.</param>
    public static void Warn(this PageModel page, string words) => page.TempData[WarningKey] = words;
}
