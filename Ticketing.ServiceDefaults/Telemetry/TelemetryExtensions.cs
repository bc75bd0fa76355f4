using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Ticketing.ServiceDefaults;

/// <summary>OpenTelemetry: traces, metrics and logs over OTLP, when the environment names an endpoint.</summary>
public static class TelemetryExtensions
{
    private const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string SamplerKey = "OTEL_TRACES_SAMPLER";
    private const string TracesPerSecondKey = "Telemetry:TracesPerSecond";
    private const int DefaultTracesPerSecond = 100;

    /// <summary>Whether somebody is there to take what is recorded. Nothing is recorded otherwise, since each request would pay for it.</summary>
    /// <param name="configuration">The service's.</param>
    public static bool IsTelemetryExported(this IConfiguration configuration) => !string.IsNullOrEmpty(configuration[EndpointKey]);

    /// <summary>Adds what every service has. Packages that talk to a server (Npgsql, Redis, MassTransit) add their own.</summary>
    internal static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        if (!configuration.IsTelemetryExported())
            return;

        // No baggage: nobody sends or reads it, and with this HttpClient alone sets the trace context, as .NET does by itself.
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
            logging.AddProcessor(new IdsOnLogs());
        });
        // The name and instance come from OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES.
        builder.Services.AddOpenTelemetry()
            .UseOtlpExporter()
            .WithMetrics(metrics => metrics
                .AddMeter(Telemetry.Name)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .SetExemplarFilter(ExemplarFilterType.TraceBased))
            .WithTracing(tracing =>
            {
                tracing
                    .AddSource(Telemetry.Name)
                    .AddAspNetCoreInstrumentation(requests =>
                    {
                        // Polls of a service's health are not followed.
                        requests.Filter = context => context.Request.Path.Value is not ("/health" or "/alive");
                        requests.EnrichWithHttpResponse = (activity, response) =>
                        {
                            if (RouteId.Of(response.HttpContext) is var (name, id))
                                activity.SetTag(name, id);
                        };
                    })
                    .AddHttpClientInstrumentation();
                // OpenTelemetry reads its own variable, if nobody sets a sampler here.
                if (string.IsNullOrEmpty(configuration[SamplerKey]))
                    tracing.SetSampler(new ParentBasedSampler(new TraceSampler(
                        configuration.GetValue(TracesPerSecondKey, DefaultTracesPerSecond), TimeProvider.System)));
            });
    }
}

/// <summary>Says which id of ours a route has in its path, for the span of the request.</summary>
/// <param name="Parameter">The route's parameter, such as <c>id</c>.</param>
/// <param name="Attribute">Its name on spans, such as <see cref="Telemetry.OrderId"/>.</param>
public sealed record RouteId(string Parameter, string Attribute)
{
    internal static (string Attribute, string Id)? Of(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<RouteId>() is { } route && context.GetRouteValue(route.Parameter) is string id
            ? (route.Attribute, id)
            : null;
}
