namespace Ticketing.LocalHosting;

/// <summary>A place where a resource listens.</summary>
public sealed class EndpointAnnotation(string name, string uriScheme, int? port = null) : IResourceAnnotation
{
    /// <summary>Its name within the resource, e.g. <c>http</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The scheme of its URL.</summary>
    public string UriScheme { get; set; } = uriScheme;

    /// <summary>The fixed port; null: a free one is taken.</summary>
    public int? Port { get; set; } = port;

    /// <summary>Whether people and programs outside of the application use it.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Host and port of every replica, once the application starts.</summary>
    internal IReadOnlyList<(string Host, int Port)> Allocated { get; set; } = [];
}
