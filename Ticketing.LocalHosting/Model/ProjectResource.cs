namespace Ticketing.LocalHosting;

/// <summary>A .NET project that runs as a service.</summary>
/// <param name="name">The service's name.</param>
public sealed class ProjectResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithServiceDiscovery, IResourceWithWaitSupport
{
    /// <summary>The full path of the project file.</summary>
    internal string ProjectPath { get; init; } = "";
}
