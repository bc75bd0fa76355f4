using System.Globalization;

namespace Ticketing.LocalHosting.Publishing;

/// <summary>Values where every resource has its own host name: in a network of containers, or in a cluster.</summary>
internal abstract class ClusterWriter : ValueWriter
{
    /// <summary>The name of an environment variable for a parameter: <c>ORDERS_DB_PASSWORD</c>.</summary>
    public static string VariableOf(ParameterResource parameter) => parameter.Name.ToUpperInvariant().Replace('-', '_');

    protected override string TargetPort(TargetPort port) => PortOf(port.Project, port.EndpointName);

    protected override string Address(EndpointReference endpoint, EndpointProperty property)
    {
        var (host, port, scheme) = (endpoint.Resource.Name, PortOf(endpoint.Resource, endpoint.EndpointName), endpoint.Annotation.UriScheme);
        return property switch
        {
            EndpointProperty.Url => $"{scheme}://{host}:{port}",
            EndpointProperty.Host => host,
            EndpointProperty.Port => port,
            EndpointProperty.Scheme => scheme,
            _ => throw new NotSupportedException($"An address has no {property}."),
        };
    }

    private static string PortOf(IResource resource, string endpoint) =>
        Workload.PortsOf(resource)[endpoint].ToString(CultureInfo.InvariantCulture);
}
