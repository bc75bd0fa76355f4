using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Ticketing.ServiceDefaults;
using Trusted = Microsoft.AspNetCore.HttpOverrides.ForwardedHeaders;

namespace Ticketing.Web.Forwarding;

/// <summary>
/// The public API: which service owns which path. This is the seam where YARP would go; nothing else in Web knows
/// how a request is forwarded. What is not in this table (such as a service's /internal) cannot be reached.
/// </summary>
internal static class ForwardingApi
{
    private static readonly (string Path, string Service)[] Owners =
    [
        ("/.well-known", "auth"),
        ("/api/users", "auth"),
        ("/api/orders", "orders"),
        ("/api/payments", "payments"),
    ];

    public static IHostApplicationBuilder AddForwarding(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<ForwardingOptions>(ForwardingOptions.Section);
        builder.Services.AddSingleton<Forwarder>();
        builder.Services.AddListingCache();
        builder.Services.Configure<KestrelServerOptions>(options =>
        {
            options.Limits.MaxRequestLineSize = 8 * 1024;
            options.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            options.Limits.MaxRequestHeaderCount = 100;
        });
        // What a client says about where it comes from counts only behind a proxy of one's own.
        if (!builder.Configuration.GetValue<bool>("FORWARDEDHEADERS_ENABLED"))
            builder.Services.PostConfigure<ForwardedHeadersOptions>(options => options.ForwardedHeaders = Trusted.None);
        return builder;
    }

    public static void MapForwarding(this IEndpointRouteBuilder app)
    {
        foreach (var (path, service) in Owners)
            app.Map(path + "/{**rest}", (HttpContext context, Forwarder forwarder) => forwarder.ForwardAsync(context, service));
        app.Map("/api/tickets/{**rest}", (HttpContext context, Forwarder forwarder, IOutputCacheStore store) =>
        {
            ListingCache.ForgetOnChange(context, store);
            return forwarder.ForwardAsync(context, "tickets");
        }).CacheOutput(ListingCache.Policy);

        app.Map("/api/{**rest}", () => Problems.NotFound());
    }
}
