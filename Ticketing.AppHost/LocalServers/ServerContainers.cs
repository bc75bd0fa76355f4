namespace Ticketing.AppHost.LocalServers;

internal static class ServerContainers
{
    /// <summary>
    /// Keeps a container's data: on this machine in the data directory, beside the password that opens them; where it is
    /// published, in a volume.
    /// </summary>
    /// <param name="server">The server.</param>
    /// <param name="path">Where it keeps its data, inside the container.</param>
    public static IResourceBuilder<T> WithKeptData<T>(this IResourceBuilder<T> server, string path)
        where T : ContainerResource
    {
        var (builder, name) = (server.ApplicationBuilder, server.Resource.Name);
        return builder.ExecutionContext.IsPublishMode
            ? server.WithVolume($"ticketing-{name}-data", path)
            : server.WithBindMount(Path.Combine(DataDirectory.PathOf(builder), "containers", name), path);
    }
}
