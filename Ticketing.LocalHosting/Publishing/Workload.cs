using Ticketing.LocalHosting.Engine;

namespace Ticketing.LocalHosting.Publishing;

/// <summary>What a container does.</summary>
internal enum WorkloadKind
{
    /// <summary>Keeps data.</summary>
    Server,

    /// <summary>Keeps nothing, so there can be any number of it.</summary>
    Service,

    /// <summary>Ends when its work is done.</summary>
    Job,
}

/// <summary>A resource as a container that others know by its name, whatever it is that runs the container.</summary>
internal sealed class Workload
{
    private const int FirstPort = 8080;

    private Workload(IResource resource, WorkloadKind kind, IReadOnlyDictionary<string, IValueProvider> environment)
    {
        (Resource, Kind, Environment) = (resource, kind, environment);
        var parts = ValueParts.Of(environment.Values);
        Parameters = [.. parts.Parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal)];
        Reaches = [.. parts.Resources.Where(other => other is ServerResource or ProjectResource && other != resource)
            .OrderBy(other => other.Name, StringComparer.Ordinal)];
        Outside = [.. parts.Resources.OfType<ExternalServiceResource>()];
    }

    public IResource Resource { get; }

    public string Name => Resource.Name;

    public WorkloadKind Kind { get; }

    public IReadOnlyDictionary<string, IValueProvider> Environment { get; }

    /// <summary>The parameters in its environment.</summary>
    public IReadOnlyList<ParameterResource> Parameters { get; }

    /// <summary>Whose addresses it is given: nothing else needs to be open to it.</summary>
    public IReadOnlyList<IResource> Reaches { get; }

    /// <summary>The same for what others run.</summary>
    public IReadOnlyList<ExternalServiceResource> Outside { get; }

    public IReadOnlyList<IResource> WaitsFor => [.. ApplicationModel.WaitsOf(Resource)];

    public IReadOnlyList<IResource> WaitsForTheEndOf =>
        [.. Resource.Annotations.OfType<CompletionAnnotation>().Select(annotation => annotation.Resource).Distinct()];

    /// <summary>The ports that it listens on, by the names of its endpoints.</summary>
    public IReadOnlyDictionary<string, int> Ports => PortsOf(Resource);

    /// <summary>The endpoint for people and programs outside of the application.</summary>
    public EndpointAnnotation? External => Resource.Endpoints().FirstOrDefault(endpoint => endpoint.IsExternal);

    /// <summary>The path that answers 2xx when it is ready to serve.</summary>
    public string? HealthPath => Resource.Annotations.OfType<HttpHealthCheckAnnotation>().FirstOrDefault()?.Path;

    /// <summary>A server's image; null: that of a project.</summary>
    public ContainerImage? Image => Resource is ServerResource server ? ContainerImage.Of(server) : null;

    public bool KeepsData => Resource.Annotations.OfType<DataVolumeAnnotation>().Any();

    /// <summary>Everything that runs where an application is deployed.</summary>
    public static IReadOnlyList<Workload> Of(ApplicationModel model)
    {
        var jobs = model.Resources.SelectMany(resource => resource.Annotations.OfType<CompletionAnnotation>())
            .Select(annotation => annotation.Resource).ToHashSet();
        return [.. model.Resources.Select(resource => resource switch
        {
            ServerResource server => new Workload(server, WorkloadKind.Server, ContainerImage.Of(server).Environment),
            ProjectResource project => new Workload(
                project, jobs.Contains(project) ? WorkloadKind.Job : WorkloadKind.Service, PublishedEnvironment.Of(project)),
            _ => null,
        }).OfType<Workload>()];
    }

    /// <summary>The ports of a resource, by the names of its endpoints.</summary>
    public static IReadOnlyDictionary<string, int> PortsOf(IResource resource) => resource.Endpoints()
        .Select((endpoint, index) => (endpoint.Name, Port: resource is ServerResource server ? ContainerImage.Of(server).Port : FirstPort + index))
        .ToDictionary(endpoint => endpoint.Name, endpoint => endpoint.Port);

    /// <summary>
    /// The repository of a project's image, as Directory.Build.props names it for <c>dotnet publish -t:PublishContainer</c>:
    /// <c>ticketing/orders</c> for <c>Ticketing.Orders.csproj</c>.
    /// </summary>
    public static string RepositoryOf(ProjectResource project) =>
        Path.GetFileNameWithoutExtension(project.ProjectPath).Replace('.', '/').ToLowerInvariant();
}
