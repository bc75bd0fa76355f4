namespace Ticketing.LocalHosting;

/// <summary>Says things about resources.</summary>
public static class ResourceBuilderExtensions
{
    /// <summary>Gives the project the connection string as <c>ConnectionStrings__name</c>.</summary>
    /// <param name="builder">The project.</param>
    /// <param name="source">What it connects to.</param>
    /// <param name="connectionName">The name; null: that of <paramref name="source"/>.</param>
    /// <param name="optional">Accepted for Aspire's sake: here every connection string has a value.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false)
        where TDestination : IResourceWithEnvironment =>
        builder.With(new ConnectionStringReferenceAnnotation(connectionName ?? source.Resource.Name, source.Resource));

    /// <summary>
    /// Gives the project the addresses of a service: <c>services__name__http__0</c>, … and <c>NAME_HTTP</c>.
    /// </summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment => builder.With(new ServiceReferenceAnnotation(source.Resource));

    /// <summary>Starts the resource only when another one is healthy.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => builder.With(new WaitAnnotation(dependency.Resource));

    /// <summary>Starts the resource only when another one has done its work and ended.</summary>
    /// <param name="builder">The one that waits.</param>
    /// <param name="dependency">The one with the work.</param>
    /// <param name="exitCode">Must be 0.</param>
    /// <exception cref="NotSupportedException">The application is to run here, where everything keeps running.</exception>
    public static IResourceBuilder<T> WaitForCompletion<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport =>
        exitCode == 0 && builder.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? builder.With(new CompletionAnnotation(dependency.Resource))
            : throw new NotSupportedException("Only a published application has jobs, and they end with 0.");

    /// <summary>Adds arguments to the command line.</summary>
    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params string[] args)
        where T : IResourceWithArgs => builder.With(new ArgumentsAnnotation(args));

    /// <summary>Sets an environment variable.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment => builder.With(new EnvironmentAnnotation(name, new LiteralValue(value)));

    /// <inheritdoc cref="WithEnvironment{T}(IResourceBuilder{T}, string, string?)"/>
    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder, string name, in ReferenceExpression.ExpressionInterpolatedStringHandler value)
        where T : IResourceWithEnvironment => builder.With(new EnvironmentAnnotation(name, value.ToExpression()));

    /// <inheritdoc cref="WithEnvironment{T}(IResourceBuilder{T}, string, string?)"/>
    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder, string name, ReferenceExpression value)
        where T : IResourceWithEnvironment => builder.With(new EnvironmentAnnotation(name, value));

    /// <summary>Sets an environment variable to an endpoint's URL.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder, string name, EndpointReference endpointReference)
        where T : IResourceWithEnvironment => builder.With(new EnvironmentAnnotation(name, endpointReference));

    /// <summary>Sets an environment variable to a parameter's value.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment => builder.With(new EnvironmentAnnotation(name, parameter.Resource));

    /// <summary>Adds an HTTP endpoint.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="port">The port; null: a free one.</param>
    /// <param name="name">Its name; null: <c>http</c>.</param>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, string? name = null)
        where T : IResourceWithEndpoints => builder.With(new EndpointAnnotation(name ?? "http", "http", port));

    /// <summary>Changes an endpoint, adding it first if there is none of this name.</summary>
    public static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder, string endpointName, Action<EndpointAnnotation> callback)
        where T : IResourceWithEndpoints
    {
        if (builder.Resource.Endpoints().FirstOrDefault(endpoint => endpoint.Name == endpointName) is not { } endpoint)
            builder.Resource.Annotations.Add(endpoint = new(endpointName, "tcp"));
        callback(endpoint);
        return builder;
    }

    /// <summary>People and programs outside of the application use its HTTP endpoints.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints
    {
        foreach (var endpoint in builder.Resource.Endpoints().Where(endpoint => endpoint.UriScheme == "http"))
            endpoint.IsExternal = true;
        return builder;
    }

    /// <summary>The resource is healthy while a GET of this path answers 2xx.</summary>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(this IResourceBuilder<T> builder, string? path = null)
        where T : IResourceWithEndpoints => builder.With(new HttpHealthCheckAnnotation(path ?? "/"));

    /// <summary>One of the resource's endpoints.</summary>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name)
        where T : IResourceWithEndpoints => new(builder.Resource, name);

    /// <summary>
    /// Does something when the resource is healthy for the first time, before those that wait for it start.
    /// </summary>
    public static IResourceBuilder<T> OnResourceReady<T>(
        this IResourceBuilder<T> builder, Func<T, ResourceReadyEvent, CancellationToken, Task> callback)
        where T : IResource =>
        builder.With(new ReadyAnnotation((ready, cancellationToken) => callback(builder.Resource, ready, cancellationToken)));

    internal static IResourceBuilder<T> With<T>(this IResourceBuilder<T> builder, IResourceAnnotation annotation)
        where T : IResource
    {
        builder.Resource.Annotations.Add(annotation);
        return builder;
    }

    internal static IEnumerable<EndpointAnnotation> Endpoints(this IResource resource) =>
        resource.Annotations.OfType<EndpointAnnotation>();

    internal static IReadOnlyList<string> Arguments(this IResource resource) =>
        [.. resource.Annotations.OfType<ArgumentsAnnotation>().SelectMany(annotation => annotation.Arguments)];

    internal static ReferenceExpression? ExternalConnectionString(this IResource resource) =>
        resource.Annotations.OfType<ExternalConnectionStringAnnotation>().FirstOrDefault() is { } external
            ? ReferenceExpression.Create($"{external.ConnectionString}")
            : null;
}
