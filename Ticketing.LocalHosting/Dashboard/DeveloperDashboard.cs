using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Ticketing.LocalHosting.Dashboard.Access;
using Ticketing.LocalHosting.Dashboard.Api;

namespace Ticketing.LocalHosting.Dashboard;

/// <summary>What runs and what it tells, for the developer at this machine: pages, and the JSON that they show.</summary>
internal static class DeveloperDashboard
{
    public static async Task<WebApplication> StartAsync(int port, DashboardContext context)
    {
        var app = Loopback.Create(kestrel => kestrel.ListenLocalhost(port), builder =>
            // A page of a foreign site whose name was made to resolve to 127.0.0.1 sends that name here.
            builder.Services.Configure<HostFilteringOptions>(
                options => options.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]));
        app.UseHostFiltering();
        app.Use(SecurityHeaders.AddAsync);
        app.Use(new AccessGuard(context.Token, port).CheckAsync);
        app.UseRouting();

        app.MapGet("/api/resources", () => Results.Json(context.Runner.Instances.Select(ResourceRow.Of)));
        app.MapLogin(context.Token, port);
        app.MapAssets();
        app.MapLive(context);
        app.MapResources(context);
        app.MapConsole(context.Console);
        app.MapTelemetry(context);
        await app.StartAsync();
        return app;
    }
}
