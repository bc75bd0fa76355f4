namespace Ticketing.LocalHosting;

/// <summary>Adds .NET projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project, which must be built in the same configuration as the AppHost.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The service's name.</param>
    /// <param name="projectPath">The project file, relative to the AppHost's directory.</param>
    /// <param name="launchProfileName">Must be null: launch profiles are for editors.</param>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder, string name, string projectPath, string? launchProfileName)
    {
        if (launchProfileName is not null)
            throw new NotSupportedException("Launch profiles are not read here.");
        return builder.AddResource(new ProjectResource(name) { ProjectPath = Path.GetFullPath(projectPath, builder.AppHostDirectory) });
    }

    /// <summary>Runs several processes of the project; callers get the addresses of all.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(
        this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(replicas);
        return builder.With(new ReplicaAnnotation(replicas));
    }
}
