namespace Ticketing.LocalHosting;

/// <summary>A service of somebody else, outside of the application.</summary>
/// <param name="name">Its name in the application.</param>
/// <param name="uri">Where it is.</param>
public sealed class ExternalServiceResource(string name, Uri uri) : Resource(name), IValueProvider
{
    /// <summary>Where it is: scheme, host and port.</summary>
    public Uri Uri { get; } = uri;

    /// <inheritdoc/>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Uri.ToString());
}

/// <summary>Adds services of others.</summary>
public static class ExternalServiceBuilderExtensions
{
    /// <summary>Adds a service that runs outside of the application; where it is deployed, only those that are given its
    /// address can reach it.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="url">An absolute URL without a path.</param>
    public static IResourceBuilder<ExternalServiceResource> AddExternalService(
        this IDistributedApplicationBuilder builder, string name, string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.PathAndQuery == "/"
            ? builder.AddResource(new ExternalServiceResource(name, uri))
            : throw new ArgumentException($"The address of \"{name}\" is no absolute URL without a path: {url}", nameof(url));

    /// <summary>Sets an environment variable to the service's URL.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder, string name, IResourceBuilder<ExternalServiceResource> externalService)
        where T : IResourceWithEnvironment => builder.With(new EnvironmentAnnotation(name, externalService.Resource));
}
