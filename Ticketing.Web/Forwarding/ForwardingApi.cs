using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Ticketing.ApiDefaults;
using Ticketing.ServiceDefaults;
using Ticketing.Web.WaitingRoom;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Transforms;
using Trusted = Microsoft.AspNetCore.HttpOverrides.ForwardedHeaders;

namespace Ticketing.Web.Forwarding;

/// <summary>
/// The public API, forwarded by YARP: which service owns which path. What is not in this table (such as a service's
/// /internal) cannot be reached; which methods a path has is its service's business.
/// </summary>
internal static class ForwardingApi
{
    private const string PlaceOrder = "place-order";

    private static readonly RouteConfig[] Routes =
    [
        To("auth", "/.well-known/{**rest}"),
        To("auth", "/api/users/{**rest}"),
        To("tickets", "/api/tickets/{**rest}") with { OutputCachePolicy = ListingCache.Policy },
        To("orders", "/api/orders/{**rest}"),
        To("orders", "/api/orders", HttpMethods.Post) with { RouteId = PlaceOrder },
        To("payments", "/api/payments/{**rest}"),
        Document("auth"),
        Document("tickets"),
        Document("orders"),
        Document("payments"),
    ];

    public static IHostApplicationBuilder AddForwarding(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<ForwardingOptions>(ForwardingOptions.Section);
        builder.Services.AddReverseProxy()
            .AddServiceDiscoveryDestinationResolver()
            .ConfigureHttpClient((_, handler) => ConfigureConnections(handler))
            .AddTransforms(ForwardedHeaders.AddTransforms)
            .AddTransforms(Failover.AddTransforms)
            .AddTransforms(ListingCache.AddTransforms);
        builder.Services.AddSingleton<IProxyConfigProvider>(services => new InMemoryConfigProvider(
            Routes, [.. Routes.Select(route => route.ClusterId!).Distinct().Select(service =>
                Cluster(service, services.GetRequiredService<IOptions<ForwardingOptions>>().Value))]));
        // Two lines for each request; what fails is logged by ForwardingErrors, with its path and service.
        builder.Logging.AddFilter("Yarp", LogLevel.Error);
        builder.Services.AddListingCache();
        builder.Services.Configure<KestrelServerOptions>(options =>
        {
            options.Limits.MaxRequestLineSize = 8 * 1024;
            options.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            options.Limits.MaxRequestHeaderCount = 100;
        });
        // What a client says about where it comes from counts only behind a proxy of one's own.
        if (!builder.Configuration.GetValue<bool>("FORWARDEDHEADERS_ENABLED"))
            builder.Services.PostConfigure<ForwardedHeadersOptions>(options => options.ForwardedHeaders = Trusted.None);
        return builder;
    }

    public static void MapForwarding(this IEndpointRouteBuilder app)
    {
        app.MapReverseProxy(pipeline =>
        {
            pipeline.UseMiddleware<RequestBuffering>();
            pipeline.UseMiddleware<ForwardingErrors>();
            // The same path, to routing, as at Orders: none of its spellings goes past.
            pipeline.UseWhen(
                context => context.GetRouteModel().Config.RouteId == PlaceOrder,
                order => order.UseMiddleware<WaitingRoomMiddleware>());
            pipeline.UseMiddleware<Failover>();
            pipeline.UseLoadBalancing();
        });
        app.Map("/api/{**rest}", () => Problems.NotFound());
    }

    private static RouteConfig To(string service, string path, params string[] methods) =>
        new() { RouteId = path, ClusterId = service, Match = new() { Path = path, Methods = methods } };

    /// <summary>A service's OpenAPI document, as it says it at this moment.</summary>
    private static RouteConfig Document(string service) =>
        To(service, $"/openapi/{service}.json").WithTransformPathSet("/openapi/v1.json");

    private static ClusterConfig Cluster(string service, ForwardingOptions options) => new()
    {
        ClusterId = service,
        // Service discovery replaces it by the addresses of all replicas: services__NAME__http__0, __1, …
        Destinations = new Dictionary<string, DestinationConfig> { [service] = new() { Address = $"http://{service}" } },
        LoadBalancingPolicy = LoadBalancingPolicies.RoundRobin,
        // Failover says which are healthy; if none is, all are asked.
        HealthCheck = new()
        {
            Passive = new() { Enabled = true },
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
        },
        HttpRequest = new() { ActivityTimeout = options.ResponseTimeout },
    };

    private static void ConfigureConnections(SocketsHttpHandler handler)
    {
        // A header field of a client's may hold UTF-8; without this it would fail as if the service were away.
        handler.RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8;
        handler.WithinConnectLimit();
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
        // Shorter than a deployed replica serves on while it is being stopped: so each connection is either used, and closed
        // with the answer, or given up before the replica closes it under a request.
        handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5);
    }
}
