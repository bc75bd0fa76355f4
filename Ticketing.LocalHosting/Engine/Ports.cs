using System.Globalization;
using Microsoft.Extensions.Configuration;
using Ticketing.LocalHosting.Servers;

namespace Ticketing.LocalHosting.Engine;

/// <summary>Gives every endpoint its address, before anything starts; a process that is started again keeps it.</summary>
internal static class Ports
{
    /// <exception cref="LocalHostingException">A fixed port is taken.</exception>
    public static void Allocate(IEnumerable<IResource> resources)
    {
        foreach (var resource in resources)
        {
            foreach (var endpoint in resource.Endpoints())
                endpoint.Allocated = Addresses(resource, endpoint);
        }
    }

    public static int Dashboard(IConfiguration configuration)
    {
        var given = Settings.Parameter(configuration, "dashboard-port") ?? "18888";
        if (!ushort.TryParse(given, CultureInfo.InvariantCulture, out var port))
            throw new LocalHostingException($"Parameters__dashboard_port is no port number: {given}");
        ThrowIfTaken(port, "dashboard");
        return port;
    }

    private static (string, int)[] Addresses(IResource resource, EndpointAnnotation endpoint)
    {
        if (resource is ServerResource server
            && server.Annotations.OfType<ExternalConnectionStringAnnotation>().FirstOrDefault() is { } external)
            return [ExternalServerInstance.AddressIn(server, external.ConnectionString)];

        // "localhost" listens on IPv4 and IPv6, for browsers; between our own processes there is no need to try both.
        var host = endpoint.IsExternal ? "localhost" : "127.0.0.1";
        if (endpoint.Port is { } port)
            ThrowIfTaken(port, resource.Name);
        return [.. Enumerable.Range(0, ReplicasOf(resource)).Select(replica => (host, (replica == 0 ? endpoint.Port : null) ?? FreePort.Next()))];
    }

    public static int ReplicasOf(IResource resource) =>
        resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;

    private static void ThrowIfTaken(int port, string name)
    {
        if (!FreePort.IsFree(port))
            throw new LocalHostingException($"""
                Port {port}, where {name} would listen, is taken by another program.
                Stop that, or choose another port: Parameters__{name}_port=NUMBER
                """);
    }
}
