using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ticketing.LocalHosting.Engine;

namespace Ticketing.LocalHosting.Dashboard;

/// <summary>What runs, as a table for people and as JSON for programs. On loopback only, and without secrets.</summary>
internal static class ResourcesDashboard
{
    public static async Task<WebApplication> StartAsync(int port, Func<IReadOnlyList<ResourceInstance>> instances)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddRoutingCore();
        // A page of a foreign site whose name was made to resolve to 127.0.0.1 sends that name here.
        builder.Services.Configure<HostFilteringOptions>(options => options.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);

        var app = builder.Build();
        app.UseHostFiltering();
        app.UseRouting();
        app.MapGet("/api/resources", () => Results.Json(instances().Select(ResourceRow.Of)));
        app.MapGet("/", () => Results.Content(ResourcesPage.Render([.. instances().Select(ResourceRow.Of)]), "text/html; charset=utf-8"));
        await app.StartAsync();
        return app;
    }
}
