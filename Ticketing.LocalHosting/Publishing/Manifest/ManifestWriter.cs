namespace Ticketing.LocalHosting.Publishing.Manifest;

/// <summary>
/// Values as Aspire's manifest spells them: <c>{web.bindings.http.url}</c>, <c>{orders-db-password.value}</c>. A literal brace
/// is doubled.
/// </summary>
internal sealed class ManifestWriter : ValueWriter
{
    public static ManifestWriter Instance { get; } = new();

    protected override string Text(string text) =>
        text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);

    protected override string Parameter(ParameterResource parameter) => $"{{{parameter.Name}.value}}";

    protected override string ConnectionString(IResourceWithConnectionString resource) => $"{{{resource.Name}.connectionString}}";

    protected override string TargetPort(TargetPort port) => $"{{{port.Project.Name}.bindings.{port.EndpointName}.targetPort}}";

    protected override string Address(EndpointReference endpoint, EndpointProperty property) =>
        $"{{{endpoint.Resource.Name}.bindings.{endpoint.Annotation.Name}.{NameOf(property)}}}";

    private static string NameOf(EndpointProperty property) => property switch
    {
        EndpointProperty.Url => "url",
        EndpointProperty.Host => "host",
        EndpointProperty.Port => "port",
        EndpointProperty.Scheme => "scheme",
        _ => throw new NotSupportedException($"A manifest has no name for {property}."),
    };
}
