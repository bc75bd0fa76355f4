using Microsoft.AspNetCore.Localization;

namespace Ticketing.Web.Languages;

/// <summary>
/// The first language that the browser asks for and the site has, whatever variety of it: <c>de-AT</c> is German. The
/// framework's own finds varieties by the culture's parent, which nobody knows without ICU.
/// </summary>
internal sealed class BrowserLanguage : RequestCultureProvider
{
    public override Task<ProviderCultureResult?> DetermineProviderCultureResult(HttpContext httpContext)
    {
        var asked = httpContext.Request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.Value!.Split('-')[0]);
        var known = asked.FirstOrDefault(language =>
            Cultures.All.Any(culture => culture.Name.Equals(language, StringComparison.OrdinalIgnoreCase)));
        return Task.FromResult(known is null ? null : new ProviderCultureResult(known));
    }
}
