using Microsoft.Extensions.Configuration;
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
    private const string SamplerKey = "OTEL_TRACES_SAMPLER";
    private const string TracesPerSecondKey = "Telemetry:TracesPerSecond";
    private const int DefaultTracesPerSecond = 100;

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
        var configuration = builder.Configuration;
        if (string.IsNullOrEmpty(configuration[EndpointKey]))
            return;

        // The name and instance come from OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES.
        var resource = ResourceBuilder.CreateDefault();
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
            logging.AddProcessor(new IdsOnLogs());
            logging.SetResourceBuilder(resource).AddOtlpExporter();
        });
        // OpenTelemetry reads its own variable, if nobody sets a sampler here.
        Sampler? sampler = string.IsNullOrEmpty(configuration[SamplerKey])
            ? new ParentBasedSampler(new TraceSampler(
                configuration.GetValue(TracesPerSecondKey, DefaultTracesPerSecond), TimeProvider.System))
            : null;
        builder.Services.AddHostedService(_ => new Providers(resource, sampler));
    }

    /// <summary>Owns the trace and metric providers: starts them with the service, and flushes them at its end.</summary>
    private sealed class Providers(ResourceBuilder resource, Sampler? sampler) : IHostedService, IDisposable
    {
        private TracerProvider? tracing;
        private MeterProvider? metering;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            var traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Sources).AddOtlpExporter();
            if (sampler is not null)
                traces.SetSampler(sampler);
            tracing = traces.Build();
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
