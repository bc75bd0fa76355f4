using System.Globalization;
using System.Text.RegularExpressions;

namespace Ticketing.LocalHosting.Publishing;

/// <summary>
/// Values as the manifest spells them, for whoever deploys to fill in: <c>{web.bindings.http.url}</c>,
/// <c>{orders-db-password.value}</c>. A literal brace is doubled.
/// </summary>
internal static partial class ManifestExpression
{
    /// <exception cref="NotSupportedException">The value has no spelling in a manifest.</exception>
    public static string Of(IValueProvider value) => value switch
    {
        LiteralValue literal => Escape(literal.Text ?? ""),
        ParameterResource parameter => $"{{{parameter.Name}.value}}",
        IResourceWithConnectionString resource => $"{{{resource.Name}.connectionString}}",
        TargetPort port => $"{{{port.Project.Name}.bindings.{port.EndpointName}.targetPort}}",
        EndpointReference endpoint => Of(endpoint.Property(EndpointProperty.Url)),
        EndpointReferenceExpression { Property: EndpointProperty.HostAndPort, Endpoint: var endpoint } =>
            Of(endpoint.Property(EndpointProperty.Host)) + ":" + Of(endpoint.Property(EndpointProperty.Port)),
        EndpointReferenceExpression part =>
            $"{{{part.Endpoint.Resource.Name}.bindings.{part.Endpoint.Annotation.Name}.{NameOf(part.Property)}}}",
        ReferenceExpression expression => Placeholder().Replace(expression.Format, place =>
            place.Groups["index"] is { Success: true, Value: var index }
                ? Of(expression.ValueProviders[int.Parse(index, CultureInfo.InvariantCulture)])
                : place.Value),
        _ => throw new NotSupportedException($"A manifest cannot say {value.GetType().Name}."),
    };

    private static string NameOf(EndpointProperty property) => property switch
    {
        EndpointProperty.Url => "url",
        EndpointProperty.Host => "host",
        EndpointProperty.Port => "port",
        EndpointProperty.Scheme => "scheme",
        _ => throw new NotSupportedException($"A manifest has no name for {property}."),
    };

    private static string Escape(string text) =>
        text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);

    // Doubled braces first, so that "{{0}}" is text; they stay doubled.
    [GeneratedRegex(@"\{\{|\}\}|\{(?<index>\d+)\}")]
    private static partial Regex Placeholder();
}
