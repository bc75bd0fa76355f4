using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.ServiceDiscovery;
using Polly;

namespace Ticketing.ServiceDefaults;

/// <summary>HTTP between services: finds the other service and spreads requests over its replicas.</summary>
public static class ServiceClientExtensions
{
    /// <summary>
    /// How often a request that nobody got is tried: at each replica in turn, and again. A replica that is away refuses at once.
    /// </summary>
    private const int MaxAttempts = 6;

    private static readonly HttpRequestOptionsKey<bool> MayRepeat = new("Ticketing.MayRepeat");

    /// <summary>
    /// Adds a named HttpClient whose relative requests go to the service of that name, at the addresses that
    /// configuration gives in <c>services:NAME:http:N</c>, one after the other.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="name">The other service's name, which is also the client's.</param>
    /// <param name="timeLimit">What a call may take in all; without one <see cref="TimeLimits.Call"/>.</param>
    /// <exception cref="SettingException">Configuration has no address for it.</exception>
    public static IHttpClientBuilder AddServiceClient(this IHostApplicationBuilder builder, string name, TimeSpan? timeLimit = null)
    {
        RequireAddress(builder.Configuration, name);
        var client = builder.Services.AddHttpClient(name);
        // A second registration of the name would put its handlers around the first one's.
        if (builder.Services.Any(service => service.ServiceKey is null && service.ImplementationInstance is Registered registered && registered.Name == name))
            return client;
        builder.Services.AddSingleton(new Registered(name));

        client
            .ConfigureHttpClient(http =>
            {
                http.BaseAddress = new Uri($"http://{name}");
                http.Timeout = timeLimit ?? TimeLimits.Call;
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                UseCookies = false,
                AllowAutoRedirect = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                // Shorter than a deployed replica serves on while it is being stopped: so each connection is either used,
                // and closed with the answer, or given up before the replica closes it under a request.
                PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
            }.WithinConnectLimit())
            // Two handlers around every call, whose lines are filtered out anyway.
            .RemoveAllLoggers();
        client.AddResilienceHandler("another-replica", pipeline => pipeline.AddRetry(new HttpRetryStrategyOptions
        {
            MaxRetryAttempts = MaxAttempts - 1,
            Delay = TimeSpan.Zero,
            ShouldHandle = attempt => ValueTask.FromResult(MayGoToAnotherReplica(
                attempt.Outcome, attempt.AttemptNumber, attempt.Context.GetRequestMessage()!)),
        }));
        // Inside of it, so that each attempt goes to the next.
        client.AddHttpMessageHandler(services => new ReplicaHandler(services.GetRequiredService<ServiceEndpointResolver>()));
        return client;
    }

    /// <summary>
    /// Says that the service does the same when this request comes to it twice, as it does for an order with an
    /// <c>Idempotency-Key</c> and for a payment. So it may go to another replica when the connection breaks. The content
    /// must be able to be sent twice.
    /// </summary>
    /// <param name="request">A request that is not a read; those may be repeated anyway.</param>
    public static void AllowRepeat(this HttpRequestMessage request) => request.Options.Set(MayRepeat, true);

    /// <summary>
    /// A request that was never sent may go to any replica. One that was sent, and may have been done, goes to another one only
    /// once, and only if doing it twice does no harm. Answers, also of 500 and above, are never asked for again.
    /// </summary>
    private static bool MayGoToAnotherReplica(Outcome<HttpResponseMessage> outcome, int retries, HttpRequestMessage request) =>
        outcome.Exception is HttpRequestException failure
        && (failure.HttpRequestError == HttpRequestError.ConnectionError || (retries == 0 && request.IsRepeatable()));

    private static bool IsRepeatable(this HttpRequestMessage request) =>
        (request.Content is null && (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head))
        || (request.Options.TryGetValue(MayRepeat, out var allowed) && allowed);

    /// <exception cref="SettingException">There is none, or one is wrong.</exception>
    private static void RequireAddress(IConfiguration configuration, string name)
    {
        var replicas = configuration.GetSection($"services:{name}:http").GetChildren().Where(replica => !string.IsNullOrEmpty(replica.Value)).ToList();
        if (replicas.Count == 0)
            throw new SettingException($"services__{name}__http__0", "The address of the service is missing.");
        foreach (var replica in replicas)
        {
            if (!Uri.TryCreate(replica.Value, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                throw new SettingException($"services__{name}__http__{replica.Key}", "This is no address such as http://orders:8080.");
        }
    }

    private sealed record Registered(string Name);
}
