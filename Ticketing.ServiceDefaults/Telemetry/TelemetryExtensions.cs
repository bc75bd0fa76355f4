using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Ticketing.ServiceDefaults;

/// <summary>OpenTelemetry: traces, metrics and logs over OTLP, when the environment names an endpoint.</summary>
internal static class TelemetryExtensions
{
    private const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // .NET and the libraries emit their own activities and metrics; no instrumentation packages are needed.
    private static readonly string[] Sources =
        [Telemetry.Name, "Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "MassTransit"];

    private static readonly string[] Meters =
    [
        Telemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http",
        "System.Runtime", "Npgsql", "MassTransit",
    ];

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration[EndpointKey]))
            return;

        // The name and instance come from OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES.
        var resource = ResourceBuilder.CreateDefault();
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
            logging.SetResourceBuilder(resource).AddOtlpExporter();
        });
        builder.Services.AddHostedService(_ => new Providers(resource));
    }

    /// <summary>Owns the trace and metric providers: starts them with the service, and flushes them at its end.</summary>
    private sealed class Providers(ResourceBuilder resource) : IHostedService, IDisposable
    {
        private TracerProvider? tracing;
        private MeterProvider? metering;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            tracing = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource(Sources)
                .AddOtlpExporter()
                .Build();
            metering = Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(resource)
                .AddMeter(Meters)
                .SetExemplarFilter(ExemplarFilterType.TraceBased)
                .AddOtlpExporter()
                .Build();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
            tracing?.Dispose();
            metering?.Dispose();
        }
    }
}
