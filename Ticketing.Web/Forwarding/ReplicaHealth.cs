using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Ticketing.Web.Forwarding;

/// <summary>Replicas that are asked last for a while: one that gave no answer, and one that says it is about to stop.</summary>
internal sealed class ReplicaHealth(IDestinationHealthUpdater health) : IPassiveHealthCheckPolicy
{
    public const string Policy = "FirstFailure";

    /// <summary>A replica that is away is back within seconds; trying it costs little.</summary>
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(1);

    /// <summary>Longer than it goes on listening.</summary>
    private static readonly TimeSpan Leaving = TimeSpan.FromSeconds(3);

    public string Name => Policy;

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        if (Failover.GetFailure(context)?.Error is ForwarderError.Request or ForwarderError.RequestBodyDestination)
            health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, Away);
    }

    /// <summary>A service that stops says so with its answers; an error may close a connection for other reasons.</summary>
    public static void AddTransforms(TransformBuilderContext route)
    {
        var health = route.Services.GetRequiredService<IDestinationHealthUpdater>();
        route.AddResponseTransform(context =>
        {
            if (context.ProxyResponse is { IsSuccessStatusCode: true, Headers.ConnectionClose: true })
            {
                var proxy = context.HttpContext.GetReverseProxyFeature();
                health.SetPassive(proxy.Route.Cluster!, proxy.ProxiedDestination!, DestinationHealth.Unhealthy, Leaving);
            }
            return ValueTask.CompletedTask;
        });
    }
}
