using Ticketing.ServiceDefaults;

namespace Ticketing.Web.Headers;

internal static class HeadersExtensions
{
    public static IHostApplicationBuilder AddSecurityHeaders(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<SiteOptions>(SiteOptions.Section)
            .Validate(options => options.HasValidPublicOrigin,
                "Site__PublicOrigin must be the site's public origin, such as https://tickets.example: no slash at the end.")
            .Validate(options => options.HasValidPaymentPages, "Site__PaymentPages must be origins such as https://pay.example.");
        builder.Services.AddSingleton<IStartupFilter, SecurityHeaders>();
        return builder;
    }
}
