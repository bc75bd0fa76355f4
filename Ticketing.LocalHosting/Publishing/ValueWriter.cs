using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Ticketing.LocalHosting.Publishing;

/// <summary>Writes values as one kind of deployment file spells them, for whoever deploys to fill in.</summary>
internal abstract partial class ValueWriter
{
    /// <exception cref="NotSupportedException">The value has no spelling there.</exception>
    public string Write(IValueProvider value) => value switch
    {
        LiteralValue literal => Text(literal.Text ?? ""),
        ExternalServiceResource service => Text(service.Uri.ToString()),
        ParameterResource parameter => Parameter(parameter),
        IResourceWithConnectionString resource => ConnectionString(resource),
        TargetPort port => TargetPort(port),
        EndpointReference endpoint => Write(endpoint.Property(EndpointProperty.Url)),
        EndpointReferenceExpression { Property: EndpointProperty.HostAndPort, Endpoint: var endpoint } =>
            Write(endpoint.Property(EndpointProperty.Host)) + ":" + Write(endpoint.Property(EndpointProperty.Port)),
        EndpointReferenceExpression part => Address(part.Endpoint, part.Property),
        ReferenceExpression expression => Write(expression),
        _ => throw new NotSupportedException($"A deployment file cannot say {value.GetType().Name}."),
    };

    /// <summary>A text that is known already.</summary>
    protected abstract string Text(string text);

    protected abstract string Parameter(ParameterResource parameter);

    protected abstract string Address(EndpointReference endpoint, EndpointProperty property);

    protected abstract string TargetPort(TargetPort port);

    protected virtual string ConnectionString(IResourceWithConnectionString resource) => Write(resource.ConnectionStringExpression);

    private string Write(ReferenceExpression expression)
    {
        var (written, text, at) = (new StringBuilder(), new StringBuilder(), 0);
        foreach (Match place in Placeholder().Matches(expression.Format))
        {
            text.Append(expression.Format, at, place.Index - at);
            at = place.Index + place.Length;
            if (place.Groups["index"] is { Success: true, Value: var index })
            {
                written.Append(Text(text.ToString())).Append(Write(expression.ValueProviders[int.Parse(index, CultureInfo.InvariantCulture)]));
                text.Clear();
            }
            else
            {
                text.Append(place.Value[0]);
            }
        }
        return written.Append(Text(text.Append(expression.Format, at, expression.Format.Length - at).ToString())).ToString();
    }

    // Doubled braces first, so that "{{0}}" is text.
    [GeneratedRegex(@"\{\{|\}\}|\{(?<index>\d+)\}")]
    private static partial Regex Placeholder();
}
