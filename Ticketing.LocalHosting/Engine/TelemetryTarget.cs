namespace Ticketing.LocalHosting.Engine;

/// <summary>Where the projects send their traces, metrics and logs, by the variables of OpenTelemetry's specification.</summary>
/// <param name="Endpoint">Takes OTLP over HTTP.</param>
/// <param name="Key">What a sender must know.</param>
internal sealed record TelemetryTarget(Uri Endpoint, string Key)
{
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>The header that carries <see cref="Key"/>; the name is Aspire's.</summary>
    public const string KeyHeader = "x-otlp-api-key";

    public void AddTo(Dictionary<string, string?> environment)
    {
        environment[EndpointVariable] = Endpoint.ToString();
        environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        environment["OTEL_EXPORTER_OTLP_HEADERS"] = $"{KeyHeader}={Key}";
        // Milliseconds: somebody looks while it happens.
        environment["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
        environment["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
        environment["OTEL_METRIC_EXPORT_INTERVAL"] = "2000";
    }
}
