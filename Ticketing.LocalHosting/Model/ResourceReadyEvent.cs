namespace Ticketing.LocalHosting;

/// <summary>A resource is healthy for the first time.</summary>
/// <param name="resource">The resource.</param>
public sealed class ResourceReadyEvent(IResource resource)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;
}
