using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ticketing.ServiceDefaults;

/// <summary>What every service has.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>The largest request body, in bytes, that any service reads.</summary>
    public const int MaxRequestBodySize = 64 * 1024;

    /// <summary>Adds telemetry, health, service discovery, the clock, how long things are kept, draining and the limits of HTTP requests.</summary>
    /// <param name="builder">The service.</param>
    public static IHostApplicationBuilder AddServiceDefaults(this IHostApplicationBuilder builder)
    {
        builder.AddTelemetry();
        builder.Services.AddServiceDiscovery();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddSettings<RetentionOptions>(RetentionOptions.Section);
        builder.Services.AddSingleton<Retention>();
        Draining.Add(builder);
        builder.Services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = MaxRequestBodySize;
            // Who dawdles loses the connection: a head within 15 s, a body with 240 bytes/s after the first 5 s.
            options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            options.Limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
            // More than the site takes from a client, since it writes some itself and encodes the path anew: it is the
            // site that refuses, with an answer of its own.
            options.Limits.MaxRequestLineSize = 32 * 1024;
            options.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
            options.Limits.MaxRequestHeaderCount = 150;
        });
        builder.Services.Configure<ForwardedHeadersOptions>(options => options.ForwardedHeaders = ForwardedHeaders.All);
        builder.AddKnownProxies();

        builder.Services.AddHealthChecks();
        // Whoever polls /health is told; the log would only repeat it at every poll.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical);
        // The same, with a stack trace at every attempt to connect.
        builder.Logging.AddFilter("StackExchange.Redis", LogLevel.Critical);
        // Four lines for every call to another service; traces show the same.
        builder.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.ServiceDiscovery", LogLevel.Warning);
        // A line for every attempt of every call, with a stack trace for each that failed; who called says what came of it.
        builder.Logging.AddFilter("Polly", LogLevel.None);
        // About a hundred lines at every start that say what is configured.
        builder.Logging.AddFilter("MassTransit", LogLevel.Warning);
        builder.Logging.AddFilter("Quartz", LogLevel.Warning);
        return builder;
    }

    /// <summary>Draining outermost, then forwarded headers.</summary>
    /// <param name="app">The service.</param>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        Draining.Use(app);
        // With this setting the framework has put them first already. A second time would take one more address from
        // X-Forwarded-For: no longer the proxy's word, but the client's.
        if (!app.Configuration.GetValue<bool>("FORWARDEDHEADERS_ENABLED"))
            app.UseForwardedHeaders();
        return app;
    }

    /// <summary>Maps <c>/health</c> (ready to serve) and <c>/alive</c> (not stuck).</summary>
    /// <param name="app">The service.</param>
    public static IEndpointRouteBuilder MapDefaultEndpoints(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = WriteHealthAsync }).AllowAnonymous();
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        return app;
    }

    private static Task WriteHealthAsync(HttpContext context, HealthReport report) =>
        context.Response.WriteAsJsonAsync(
            new
            {
                Status = report.Status.ToString(),
                Checks = report.Entries.ToDictionary(
                    check => check.Key,
                    check => new { Status = check.Value.Status.ToString(), check.Value.Description, check.Value.Data }),
            },
            JsonSerializerOptions.Web,
            context.RequestAborted);
}
