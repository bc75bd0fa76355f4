using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ticketing.ServiceDefaults;

/// <summary>HTTP between services: finds the other service and spreads requests over its replicas.</summary>
public static class ServiceClientExtensions
{
    private static readonly HttpRequestOptionsKey<bool> MayRepeat = new("Ticketing.MayRepeat");

    /// <summary>
    /// Adds a named HttpClient whose relative requests go to the service of that name, at the addresses that
    /// configuration gives in <c>services:NAME:http:N</c>. Asked again, it gives the client that is there.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="name">The other service's name, which is also the client's.</param>
    /// <exception cref="SettingException">Configuration has no address for it.</exception>
    public static IHttpClientBuilder AddServiceClient(this IHostApplicationBuilder builder, string name)
    {
        // A second registration of the name would put its handlers around the first one's, and every replica be tried twice.
        var registered = builder.Services.Where(service => service.ServiceKey is null)
            .Select(service => service.ImplementationInstance).OfType<RegisteredClient>().FirstOrDefault(client => client.Builder.Name == name);
        if (registered is not null)
            return registered.Builder;

        var endpoints = ServiceEndpoints.Read(builder.Configuration, name);
        var client = builder.Services
            .AddHttpClient(name, client =>
            {
                client.BaseAddress = endpoints[0];
                client.Timeout = TimeSpan.FromSeconds(15);
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                UseCookies = false,
                AllowAutoRedirect = false,
                ConnectTimeout = TimeSpan.FromSeconds(2),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                // Shorter than a deployed replica serves on while it is being stopped: so each connection is either used,
                // and closed with the answer, or given up before the replica closes it under a request.
                PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
            })
            // Two handlers around every call, whose lines are filtered out anyway.
            .RemoveAllLoggers()
            .AddHttpMessageHandler(() => new ReplicaHandler(endpoints));
        builder.Services.AddSingleton(new RegisteredClient(client));
        return client;
    }

    /// <summary>
    /// Says that the service does the same when this request comes to it twice, as it does for an order with an
    /// <c>Idempotency-Key</c> and for a payment. So it may go to another replica when the connection breaks. The content
    /// must be able to be sent twice.
    /// </summary>
    /// <param name="request">A request that is not a read; those may be repeated anyway.</param>
    public static void AllowRepeat(this HttpRequestMessage request) => request.Options.Set(MayRepeat, true);

    /// <summary>Whether it does no harm to send a request to a second replica after the first may have got it.</summary>
    internal static bool IsRepeatable(this HttpRequestMessage request) =>
        (request.Content is null && (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head))
        || (request.Options.TryGetValue(MayRepeat, out var allowed) && allowed);

    private sealed record RegisteredClient(IHttpClientBuilder Builder);
}

/// <summary>The addresses of another service's replicas.</summary>
public static class ServiceEndpoints
{
    /// <summary>Reads <c>services:NAME:http:N</c>, as Aspire's service discovery writes it.</summary>
    /// <param name="configuration">The service's configuration.</param>
    /// <param name="name">The other service's name.</param>
    /// <exception cref="SettingException">There is none.</exception>
    public static IReadOnlyList<Uri> Read(IConfiguration configuration, string name)
    {
        Uri[] endpoints = [.. configuration.GetSection($"services:{name}:http").GetChildren()
            .Where(replica => !string.IsNullOrEmpty(replica.Value))
            .Select(replica => SettingException.Parse($"services__{name}__http__{replica.Key}", replica.Value!, AddressOf, "This is no address such as http://orders:8080."))];
        return endpoints.Length > 0
            ? endpoints
            : throw new SettingException($"services__{name}__http__0", "The address of the service is missing.");
    }

    private static Uri AddressOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new FormatException();
}
