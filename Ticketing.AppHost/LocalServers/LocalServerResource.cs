using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Ticketing.AppHost.Supervision;

namespace Ticketing.AppHost.LocalServers;

/// <summary>
/// A server that runs from this machine's binary. It stands in the model in the place of Aspire's container resource, under
/// its name and with its annotations, so that endpoints, references, waits and health checks of the one are those of the other.
/// </summary>
/// <param name="server">Aspire's resource, which itself is not in the model.</param>
/// <param name="command">What is run.</param>
/// <param name="directory">Where its data lie.</param>
internal sealed class LocalServerResource(ContainerResource server, string command, string directory)
    : ExecutableResource(server.Name, command, directory), IResourceWithConnectionString
{
    /// <inheritdoc/>
    public override ResourceAnnotationCollection Annotations => server.Annotations;

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression => ((IResourceWithConnectionString)server).ConnectionStringExpression;
}

internal static class LocalServerResourceExtensions
{
    /// <summary>Adds the process that takes the place of a server's container, on a free port of this machine only.</summary>
    /// <param name="server">Aspire's resource, not in the model.</param>
    /// <param name="command">What is run.</param>
    /// <param name="directory">Where its data lie.</param>
    public static IResourceBuilder<LocalServerResource> AddLocalProcess<T>(this IResourceBuilder<T> server, string command, string directory)
        where T : ContainerResource
    {
        var (builder, inner) = (server.ApplicationBuilder, server.Resource);
        // Not through the orchestrator's proxy, which accepts connections while nobody is behind it.
        server.WithEndpoint(name: "tcp", isProxied: false);
        var process = builder.AddResource(new LocalServerResource(inner, command, directory));
        builder.Eventing.Subscribe<ResourceReadyEvent>(
            process.Resource, (ready, cancellationToken) => builder.Eventing.PublishAsync(new ResourceReadyEvent(inner, ready.Services), cancellationToken));
        return process.RestartsWhenItDies();
    }

    /// <summary>
    /// As healthy as <paramref name="probe"/> says. While it throws, it is tried again every 100 ms for up to 10 s: Aspire itself
    /// asks an unhealthy resource again after 1, 2, 3, 4, then every 5 s, which would make the start that much longer.
    /// </summary>
    public static IResourceBuilder<T> WithPatientHealthCheck<T>(
        this IResourceBuilder<T> resource, Func<CancellationToken, Task<HealthCheckResult>> probe)
        where T : IResource
    {
        var key = $"{resource.Resource.Name}_answers";
        resource.ApplicationBuilder.Services.AddHealthChecks().AddAsyncCheck(key, async cancellationToken =>
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await probe(cancellationToken);
                }
                catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
                {
                    if (attempt == 100)
                        return HealthCheckResult.Unhealthy(failure.Message, failure);
                    await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
                }
            }
        });
        return resource.WithHealthCheck(key);
    }
}
