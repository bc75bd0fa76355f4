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

    /// <summary>The dashboard's usual port.</summary>
    public const int UsualDashboard = 18888;

    /// <exception cref="LocalHostingException">It is no port number, or taken.</exception>
    public static int Dashboard(IConfiguration configuration) => Own(configuration, "dashboard", () => UsualDashboard);

    /// <summary>
    /// Where telemetry is received: beside the usual port of the dashboard at Aspire's ports, for other senders' sake; an
    /// application that has its dashboard elsewhere, since another one runs, takes free ports.
    /// </summary>
    /// <exception cref="LocalHostingException">One is no port number, or taken.</exception>
    public static (int Grpc, int Http) Otlp(IConfiguration configuration, int dashboard)
    {
        var usual = dashboard == UsualDashboard;
        return (Own(configuration, "otlp_grpc", () => usual ? 18889 : FreePort.Next()),
            Own(configuration, "otlp_http", () => usual ? 18890 : FreePort.Next()));
    }

    private static int Own(IConfiguration configuration, string name, Func<int> usual)
    {
        var port = usual();
        if (Settings.Parameter(configuration, $"{name}_port".Replace('_', '-')) is { } given
            && (!int.TryParse(given, CultureInfo.InvariantCulture, out port) || port is < 1 or > ushort.MaxValue))
            throw new LocalHostingException($"Parameters__{name}_port is no port number: {given}");
        ThrowIfTaken(port, name);
        return port;
    }

    /// <summary>Gives the project as many addresses as it has replicas; those that stay are the same.</summary>
    public static void Scale(ProjectResource project, int replicas)
    {
        foreach (var endpoint in project.Endpoints())
        {
            endpoint.Allocated = [.. endpoint.Allocated.Take(replicas)];
            while (endpoint.Allocated.Count < replicas)
                endpoint.Allocated = [.. endpoint.Allocated, (HostOf(endpoint), FreePort.Next())];
        }
    }

    private static (string, int)[] Addresses(IResource resource, EndpointAnnotation endpoint)
    {
        if (resource is ServerResource server
            && server.Annotations.OfType<ExternalConnectionStringAnnotation>().FirstOrDefault() is { } external)
            return [ExternalServerInstance.AddressIn(server, external.ConnectionString)];

        if (endpoint.Port is { } port)
            ThrowIfTaken(port, resource.Name);
        return [.. Enumerable.Range(0, ReplicasOf(resource)).Select(replica => (HostOf(endpoint), (replica == 0 ? endpoint.Port : null) ?? FreePort.Next()))];
    }

    // "localhost" listens on IPv4 and IPv6, for browsers; between our own processes there is no need to try both.
    private static string HostOf(EndpointAnnotation endpoint) => endpoint.IsExternal ? "localhost" : "127.0.0.1";

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
