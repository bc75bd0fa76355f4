using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Ticketing.Web.Forwarding;

/// <summary>
/// Goes to another replica with a request whose replica could not be connected to, so that nothing was sent yet. Once a
/// request was sent it is never sent again, but for one that only reads, or that its service does once however often it
/// comes: that goes to another replica once. A replica that is away or about to go is asked last for a while.
/// </summary>
internal sealed class Failover(RequestDelegate next, IDestinationHealthUpdater health)
{
    /// <summary>A replica that is away is back within seconds; trying it costs little.</summary>
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(1);

    /// <summary>Longer than it goes on listening.</summary>
    private static readonly TimeSpan Leaving = TimeSpan.FromSeconds(3);

    public async Task InvokeAsync(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        var maySendTwice = MaySendTwice(context.Request, proxy.Cluster.Config.ClusterId);
        await next(context);

        for (var left = proxy.AllDestinations; FindFailure(context) is { } failure;)
        {
            Avoid(health, proxy, Away);
            left = [.. left.Where(replica => replica != proxy.ProxiedDestination)];
            if (left.Count == 0 || !(maySendTwice || IsUnsent(failure)))
                return;
            maySendTwice &= IsUnsent(failure);
            DestinationState[] healthy = [.. left.Where(replica => replica.Health.Passive != DestinationHealth.Unhealthy)];
            proxy.AvailableDestinations = healthy.Length > 0 ? healthy : left;
            context.Features.Set<IForwarderErrorFeature>(null);
            context.Response.StatusCode = StatusCodes.Status200OK;
            context.Request.Body.Position = 0;
            await next(context);
        }
    }

    /// <summary>A service that stops says so with its answers; an error may close a connection for other reasons.</summary>
    public static void AddTransforms(TransformBuilderContext route)
    {
        var health = route.Services.GetRequiredService<IDestinationHealthUpdater>();
        route.AddResponseTransform(context =>
        {
            if (context.ProxyResponse is { IsSuccessStatusCode: true, Headers.ConnectionClose: true })
                Avoid(health, context.HttpContext.GetReverseProxyFeature(), Leaving);
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>Whether nothing of the request was sent, since there was no connection.</summary>
    public static bool IsUnsent(IForwarderErrorFeature failure) =>
        failure.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };

    /// <summary>Why there is no answer of a replica, for a reason other than time; null if there is one, or part of one.</summary>
    private static IForwarderErrorFeature? FindFailure(HttpContext context) =>
        context.Response is { HasStarted: false, StatusCode: StatusCodes.Status502BadGateway } ? context.GetForwarderErrorFeature() : null;

    /// <summary>
    /// Whether it is a read, or something that its service does once however often it comes: an order that has a key, its
    /// cancellation, and a payment, since who asks again to pay an order waits for the first one's answer and gets it.
    /// </summary>
    private static bool MaySendTwice(HttpRequest request, string service) => request.Method switch
    {
        "GET" or "HEAD" => true,
        "POST" => service == "payments" || (service == "orders" && request.Headers.ContainsKey("Idempotency-Key")),
        "DELETE" => service == "orders",
        _ => false,
    };

    private static void Avoid(IDestinationHealthUpdater health, IReverseProxyFeature proxy, TimeSpan time) =>
        health.SetPassive(proxy.Route.Cluster!, proxy.ProxiedDestination!, DestinationHealth.Unhealthy, time);
}
