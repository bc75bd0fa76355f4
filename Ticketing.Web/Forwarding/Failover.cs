using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Ticketing.Web.Forwarding;

/// <summary>
/// Goes to another replica with a request whose replica could not be connected to, so that nothing was sent yet. Once a
/// request was sent it is never sent again, but for one that only reads, or that its service does once however often it
/// comes: that goes to another replica once.
/// </summary>
internal sealed class Failover(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        var request = context.Request;
        var maySendTwice = proxy.AllDestinations.Count > 1 && MaySendTwice(request, proxy.Cluster.Config.ClusterId);
        await next(context);

        var left = proxy.AllDestinations;
        while (GetFailure(context) is { } failure && (IsUnsent(failure) || maySendTwice))
        {
            left = [.. left.Where(replica => replica != proxy.ProxiedDestination)];
            if (left.Count == 0)
                return;
            maySendTwice &= IsUnsent(failure);
            DestinationState[] healthy = [.. left.Where(replica => replica.Health.Passive != DestinationHealth.Unhealthy)];
            proxy.AvailableDestinations = healthy.Length > 0 ? healthy : left;
            context.Features.Set<IForwarderErrorFeature>(null);
            context.Response.StatusCode = StatusCodes.Status200OK;
            request.Body.Position = 0;
            await next(context);
        }
    }

    /// <summary>Why a replica gave no answer at all, for a reason other than time; null if it gave one, or part of one.</summary>
    public static IForwarderErrorFeature? GetFailure(HttpContext context) =>
        context.Response is { HasStarted: false, StatusCode: StatusCodes.Status502BadGateway } ? context.GetForwarderErrorFeature() : null;

    /// <summary>Whether nothing of the request was sent, since there was no connection.</summary>
    public static bool IsUnsent(IForwarderErrorFeature failure) =>
        failure.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };

    /// <summary>
    /// Whether it is a read, or a POST that its service does once however often it comes: an order that has a key, and a
    /// payment, since who asks again to pay an order waits for the first one's answer and gets it.
    /// </summary>
    private static bool MaySendTwice(HttpRequest request, string service) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
        || (HttpMethods.IsPost(request.Method)
            && (service == "payments" || (service == "orders" && request.Headers.ContainsKey("Idempotency-Key"))));
}
