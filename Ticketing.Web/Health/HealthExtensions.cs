using Ticketing.ServiceDefaults;
using Ticketing.Web.Services;

namespace Ticketing.Web.Health;

internal static class HealthExtensions
{
    /// <summary>Watches the services that Web calls, and any other that it was given an address of (Expiration).</summary>
    public static IHostApplicationBuilder AddPlatformHealth(this IHostApplicationBuilder builder)
    {
        var given = builder.Configuration.GetSection("services").GetChildren().Select(service => service.Key);
        var others = given.Except(ServicesExtensions.Names, StringComparer.OrdinalIgnoreCase).ToList();
        foreach (var other in others)
            builder.AddServiceClient(other);

        IReadOnlyList<string> all = [.. ServicesExtensions.Names, .. others];
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<PlatformHealth>(services, all));
        builder.Services.AddHostedService(services => services.GetRequiredService<PlatformHealth>());
        builder.Services.AddHealthChecks().AddCheck<PlatformHealth>("platform");
        return builder;
    }
}
