using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ticketing.ServiceDefaults;

/// <summary>HTTP between services: finds the other service and spreads requests over its replicas.</summary>
public static class ServiceClientExtensions
{
    /// <summary>
    /// Adds a named HttpClient whose relative requests go to the service of that name, at the addresses that
    /// configuration gives in <c>services:NAME:http:N</c>.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="name">The other service's name, which is also the client's.</param>
    /// <exception cref="InvalidOperationException">Configuration has no address for it.</exception>
    public static IHttpClientBuilder AddServiceClient(this IHostApplicationBuilder builder, string name)
    {
        var endpoints = ServiceEndpoints.Read(builder.Configuration, name);
        return builder.Services
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
            })
            .AddHttpMessageHandler(() => new ReplicaHandler(endpoints));
    }
}

/// <summary>The addresses of another service's replicas.</summary>
public static class ServiceEndpoints
{
    /// <summary>Reads <c>services:NAME:http:N</c>, as Aspire's service discovery writes it.</summary>
    /// <param name="configuration">The service's configuration.</param>
    /// <param name="name">The other service's name.</param>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static IReadOnlyList<Uri> Read(IConfiguration configuration, string name)
    {
        Uri[] endpoints = [.. configuration.GetSection($"services:{name}:http").GetChildren()
            .Where(replica => !string.IsNullOrEmpty(replica.Value))
            .Select(replica => new Uri(replica.Value!))];
        return endpoints.Length > 0
            ? endpoints
            : throw new InvalidOperationException(
                $"The address of the service '{name}' is missing: set services__{name}__http__0.");
    }
}
