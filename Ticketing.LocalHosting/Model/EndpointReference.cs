using System.Globalization;

namespace Ticketing.LocalHosting;

/// <summary>A resource's endpoint; its value is the URL (of the first replica, if there are several).</summary>
public sealed class EndpointReference(IResourceWithEndpoints owner, string endpointName)
    : IValueProvider, IValueWithReferences
{
    /// <summary>The resource that listens.</summary>
    public IResourceWithEndpoints Resource { get; } = owner;

    /// <summary>The endpoint's name.</summary>
    public string EndpointName { get; } = endpointName;

    /// <inheritdoc/>
    public IEnumerable<object> References => [Resource];

    internal EndpointAnnotation Annotation => Resource.Endpoints().FirstOrDefault(endpoint => endpoint.Name == EndpointName)
        ?? throw new InvalidOperationException($"The resource \"{Resource.Name}\" has no endpoint \"{EndpointName}\".");

    /// <summary>A part of the endpoint's address.</summary>
    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    /// <inheritdoc/>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        Property(EndpointProperty.Url).GetValueAsync(cancellationToken);
}

/// <summary>A part of an endpoint's address.</summary>
public sealed class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property)
    : IValueProvider, IValueWithReferences
{
    /// <summary>The endpoint.</summary>
    public EndpointReference Endpoint { get; } = endpointReference;

    /// <summary>The part.</summary>
    public EndpointProperty Property { get; } = property;

    /// <inheritdoc/>
    public IEnumerable<object> References => [Endpoint];

    /// <inheritdoc/>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var annotation = Endpoint.Annotation;
        if (annotation.Allocated.Count == 0)
            throw new InvalidOperationException($"\"{Endpoint.Resource.Name}\" has no address before the application starts.");

        var (host, port) = annotation.Allocated[0];
        return new(Property switch
        {
            EndpointProperty.Url => string.Create(CultureInfo.InvariantCulture, $"{annotation.UriScheme}://{host}:{port}"),
            EndpointProperty.Host => host,
            EndpointProperty.Port => port.ToString(CultureInfo.InvariantCulture),
            EndpointProperty.Scheme => annotation.UriScheme,
            EndpointProperty.HostAndPort => string.Create(CultureInfo.InvariantCulture, $"{host}:{port}"),
            _ => throw new InvalidOperationException($"Unknown part of an endpoint: {Property}."),
        });
    }
}

/// <summary>The parts of an endpoint's address.</summary>
public enum EndpointProperty
{
    /// <summary>Scheme, host and port.</summary>
    Url,

    /// <summary>The host.</summary>
    Host,

    /// <summary>The port that callers use.</summary>
    Port,

    /// <summary>The scheme.</summary>
    Scheme,

    /// <summary><c>host:port</c></summary>
    HostAndPort,
}
