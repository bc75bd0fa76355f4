using Microsoft.Extensions.Diagnostics.HealthChecks;
using Ticketing.AppHost.LocalServers;
using Ticketing.AppHost.Supervision;

namespace Ticketing.AppHost;

internal static class ServiceExtensions
{
    private static readonly HttpClient HealthClient = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>
    /// One of our services: HTTP on a free port, healthy when <c>/health</c> says so, as many replicas as
    /// <c>Parameters:NAME-replicas</c> (1).
    /// </summary>
    public static IResourceBuilder<ProjectResource> AddService<T>(this IDistributedApplicationBuilder builder, string name)
        where T : IProjectMetadata, new()
    {
        var replicas = builder.Number($"{name}-replicas", 1);
        var service = builder.AddProgram<T>(name)
            .WithHttpEndpoint()
            .WithReplicas(replicas)
            // Connection strings and addresses, not the same once more in parts.
            .WithReferenceEnvironment(ReferenceEnvironmentInjectionFlags.All & ~ReferenceEnvironmentInjectionFlags.ConnectionProperties)
            // A line for every request would be most of the log, and much of the work.
            .WithEnvironment("Logging__LogLevel__Microsoft.AspNetCore", "Warning");
        if (builder.ExecutionContext.IsPublishMode)
        {
            // A load balancer takes some seconds to learn that a replica is being stopped; so long it serves on.
            return service.WithHttpHealthCheck("/health").WithEnvironment("Shutdown__DrainSeconds", "10");
        }

        return service
            // Aspire's orchestrator spreads connections over replicas by a proxy, which accepts them also while nobody is behind
            // it. Callers of a single process reach it directly and are refused at once while it is down.
            .WithEndpoint("http", endpoint => endpoint.IsProxied = replicas > 1)
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? "Development")
            // Aspire has every trace followed, which would nearly all be polls of outboxes; our own sampler leaves those out.
            .WithEnvironment("OTEL_TRACES_SAMPLER", "")
            .WithPatientHealthCheck(async cancellationToken =>
            {
                using var answer = await HealthClient.GetAsync(
                    new Uri(new Uri((await service.GetEndpoint("http").GetValueAsync(cancellationToken))!), "/health"), cancellationToken);
                // A service that is degraded, e.g. by messages in its error queues, serves on and answers 200.
                var health = await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken);
                return health.StartsWith("""{"status":"Degraded",""", StringComparison.Ordinal) ? HealthCheckResult.Degraded(health) : HealthCheckResult.Healthy();
            });
    }

#pragma warning disable ASPIRECERTIFICATES001 // Aspire may still change how that is said.
    /// <summary>
    /// One of our programs, without <c>dotnet run</c> around it; it is started again when it dies. All is plain HTTP on this
    /// machine: otherwise the dashboard would ask on every page for a development certificate.
    /// </summary>
    public static IResourceBuilder<ProjectResource> AddProgram<T>(this IDistributedApplicationBuilder builder, string name)
        where T : IProjectMetadata, new() =>
        builder.AddProject<T>(name, launchProfileName: null).StartedDirectly().RestartsWhenItDies().WithoutHttpsCertificate();
#pragma warning restore ASPIRECERTIFICATES001
}
