using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Ticketing.Web.Languages;

namespace Ticketing.Web.Pages;

/// <summary>
/// The language switch of every page. It needs no token: all that another site could do with it is to change the language,
/// and with a token the pages that anybody may read could no longer be made without the keys.
/// </summary>
[IgnoreAntiforgeryToken]
internal sealed class LanguageModel : PageModel
{
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(365);

    [BindProperty]
    public string? Language { get; init; }

    /// <summary>The page that the switch was on; only one of this site.</summary>
    [BindProperty]
    public string? Back { get; init; }

    public IActionResult OnGet() => LocalRedirect("/");

    public IActionResult OnPost()
    {
        if (Cultures.All.FirstOrDefault(culture => culture.Name == Language) is not { } chosen)
            return BadRequest();
        Response.Cookies.Append(
            LanguagesExtensions.Cookie, CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(chosen)),
            new() { HttpOnly = true, IsEssential = true, MaxAge = Remembered, SameSite = SameSiteMode.Lax, Secure = Request.IsHttps });
        return LocalRedirect(Url.IsLocalUrl(Back) ? Back : "/");
    }
}
