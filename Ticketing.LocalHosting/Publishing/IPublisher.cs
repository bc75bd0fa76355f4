using Ticketing.LocalHosting.Engine;
using Ticketing.LocalHosting.Publishing.Compose;
using Ticketing.LocalHosting.Publishing.Kubernetes;
using Ticketing.LocalHosting.Publishing.Manifest;

namespace Ticketing.LocalHosting.Publishing;

/// <summary>Writes an application as one kind of deployment files.</summary>
internal interface IPublisher
{
    /// <param name="path">The directory, or a file where there is only one; it is made.</param>
    void Write(string path);
}

/// <summary>The publishers by their names: <c>--publisher NAME --output-path PATH</c>.</summary>
internal static class Publishers
{
    private static readonly Dictionary<string, Func<ApplicationModel, IPublisher>> All = new()
    {
        ["manifest"] = model => new ManifestPublisher(model),
        ["docker-compose"] = model => new ComposePublisher(model),
        ["kubernetes"] = model => new KubernetesPublisher(model),
    };

    /// <returns>Where the files are.</returns>
    /// <exception cref="LocalHostingException">There is no such publisher, or no place to write to.</exception>
    public static string Publish(string name, ApplicationModel model)
    {
        if (!All.TryGetValue(name, out var create))
            throw new LocalHostingException($"There is no publisher \"{name}\": there are {string.Join(", ", All.Keys)}.");
        if (model.Configuration["output-path"] is not { Length: > 0 } given)
            throw new LocalHostingException("Say where the files go: --output-path PATH.");
        var path = Path.GetFullPath(given);
        create(model).Write(path);
        return path;
    }
}
