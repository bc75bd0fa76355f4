using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Ticketing.ApiDefaults;
using Ticketing.Web.Errors;
using Ticketing.Web.Pages.Forms;

namespace Ticketing.Web.Pages;

internal static class PagesExtensions
{
    public static WebApplicationBuilder AddPages(this WebApplicationBuilder builder)
    {
        // Style sheets and scripts also come when this runs from the build's output, in whatever environment.
        builder.WebHost.UseStaticWebAssets();
        // In development the framework would send them as they are now on the disk, and several times as large: not compressed.
        // Whoever edits them sets this to true.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] ??= "false";
        builder.Services.AddRazorPages().AddMvcOptions(options =>
        {
            options.SuppressImplicitRequiredAttributeForNonNullableReferenceTypes = true;
            options.Filters.Add<FormGuard>(FormGuard.Order);
            options.Filters.Add<PageMethods.Filter>();
        });
        builder.Services.Configure<RouteOptions>(options => options.LowercaseUrls = true);
        builder.Services.Configure<AntiforgeryOptions>(options =>
        {
            options.Cookie.Name = "form";
            // Strict would not send it to the page that a link on another site leads to, as the payment page has one: the page
            // would set another, and the forms in all other tabs would be void. Lax sends it with no foreign POST either.
            options.Cookie.SameSite = SameSiteMode.Lax;
        });
        // Unlike the services, the site is open to all; the pages that need a user say so.
        builder.Services.Configure<AuthorizationOptions>(options => options.FallbackPolicy = null);
        return builder;
    }

    public static void MapPages(this WebApplication app)
    {
        // They need no session: answered before anything looks at one.
        app.MapStaticAssets().ShortCircuit();
        app.MapRazorPages().WithStaticAssets();
        // Where password managers look for it (https://w3c.github.io/webappsec-change-password-url/).
        app.MapGet("/.well-known/change-password", () => TypedResults.LocalRedirect("~/account/password"))
            .AnswersHead().ExcludeFromDescription();
    }
}
