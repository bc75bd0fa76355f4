using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc.Localization;
using Microsoft.Extensions.WebEncoders;

namespace Ticketing.Web.Languages;

internal static class LanguagesExtensions
{
    /// <summary>The language that a visitor chose for this site, as the localization middleware writes it.</summary>
    public const string Cookie = "language";

    /// <summary>A visitor's language: the chosen one, else the first that the browser asks for and the site has.</summary>
    public static IHostApplicationBuilder AddLanguages(this IHostApplicationBuilder builder)
    {
        builder.Services.Configure<RequestLocalizationOptions>(options =>
        {
            options.DefaultRequestCulture = new RequestCulture(Cultures.English);
            options.SupportedCultures = options.SupportedUICultures = [.. Cultures.All];
            options.RequestCultureProviders =
            [
                new CookieRequestCultureProvider { CookieName = Cookie, Options = options },
                new BrowserLanguage { Options = options },
            ];
        });
        builder.Services.AddTransient<IViewLocalizer, PageTexts>();
        // Letters of every language as they are; only what HTML itself needs is escaped.
        builder.Services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        return builder;
    }

    /// <summary>Comes first, so that error pages have a language too.</summary>
    public static IApplicationBuilder UseLanguages(this IApplicationBuilder app) => app.UseRequestLocalization();
}
