namespace Ticketing.LocalHosting;

/// <summary>A .NET project that runs as a service.</summary>
/// <param name="name">The service's name.</param>
public sealed class ProjectResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport, IProjectMetadata
{
    /// <summary>The full path of the project file.</summary>
    public string ProjectPath { get; internal init; } = "";

    /// <summary>Where it was built since the application started; null: where it was before.</summary>
    internal string? Output { get; set; }
}

/// <summary>Where a project is.</summary>
public interface IProjectMetadata
{
    /// <summary>The full path of the project file.</summary>
    string ProjectPath { get; }
}

/// <summary>What is known about projects.</summary>
public static class ProjectResourceExtensions
{
    /// <summary>Where the project is.</summary>
    public static IProjectMetadata GetProjectMetadata(this ProjectResource projectResource) => projectResource;
}
