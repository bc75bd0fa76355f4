namespace Ticketing.LocalHosting;

/// <summary>An environment variable.</summary>
internal sealed record EnvironmentAnnotation(string Name, IValueProvider Value) : IResourceAnnotation;

/// <summary><c>WithReference</c> to something with a connection string.</summary>
internal sealed record ConnectionStringReferenceAnnotation(string ConnectionName, IResourceWithConnectionString Resource)
    : IResourceAnnotation;

/// <summary><c>WithReference</c> to a service.</summary>
internal sealed record ServiceReferenceAnnotation(IResourceWithServiceDiscovery Resource) : IResourceAnnotation;

/// <summary><c>WaitFor</c>.</summary>
internal sealed record WaitAnnotation(IResource Resource) : IResourceAnnotation;

/// <summary><c>WaitForCompletion</c>.</summary>
internal sealed record CompletionAnnotation(IResource Resource) : IResourceAnnotation;

/// <summary><c>WithArgs</c>.</summary>
internal sealed record ArgumentsAnnotation(IReadOnlyList<string> Arguments) : IResourceAnnotation;

/// <summary><c>WithReplicas</c>.</summary>
internal sealed record ReplicaAnnotation(int Replicas) : IResourceAnnotation;

/// <summary><c>WithHttpHealthCheck</c>: the path that answers 2xx when the resource is healthy.</summary>
internal sealed record HttpHealthCheckAnnotation(string Path) : IResourceAnnotation;

/// <summary>The resource's data outlive the application.</summary>
internal sealed record DataVolumeAnnotation : IResourceAnnotation;

/// <summary>A server that runs elsewhere: the connection string that configuration gave for it.</summary>
internal sealed record ExternalConnectionStringAnnotation(string ConnectionString) : IResourceAnnotation;

/// <summary>What to do when the resource is healthy for the first time, before those that wait for it start.</summary>
internal sealed record ReadyAnnotation(Func<ResourceReadyEvent, CancellationToken, Task> Callback) : IResourceAnnotation;

/// <summary>A text that is known from the start.</summary>
internal sealed record LiteralValue(string? Text) : IValueProvider
{
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Text);
}
