using Ticketing.ServiceDefaults;

namespace Ticketing.Web.Headers;

internal static class HeadersExtensions
{
    public static IHostApplicationBuilder AddSecurityHeaders(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<SiteOptions>(SiteOptions.Section)
            .Validate(options => options.HasValidPaymentPages, "Site__PaymentPages must be origins such as https://pay.example.");
        builder.Services.AddSingleton<IStartupFilter, SecurityHeaders>();
        return builder;
    }
}
