using Microsoft.Extensions.Configuration;

namespace Ticketing.LocalHosting.Engine;

/// <summary>The application as it was described.</summary>
internal sealed record ApplicationModel(
    IConfiguration Configuration, string AppHostDirectory, IReadOnlyList<IResource> Resources)
{
    /// <summary>What it is called where it is deployed: the AppHost's project without its last part, as <c>ticketing</c>.</summary>
    public string ApplicationName =>
        Path.GetFileName(AppHostDirectory.TrimEnd(Path.DirectorySeparatorChar)).Split('.')[0].ToLowerInvariant();

    /// <summary>
    /// What has to run: the projects, and the servers that values of theirs come from. A server is left out if everything that
    /// would be asked of it is at an external one.
    /// </summary>
    public IReadOnlyList<IResource> Needed()
    {
        var needed = new HashSet<object>();
        var left = new Stack<object>(Resources.OfType<ProjectResource>());
        while (left.TryPop(out var item))
        {
            if (!needed.Add(item))
                continue;
            foreach (var reference in ReferencesOf(item))
                left.Push(reference);
        }

        return [.. Resources.Where(needed.Contains)];
    }

    /// <summary>The resources that a resource waits for before it starts.</summary>
    public static IEnumerable<IResource> WaitsOf(IResource resource) =>
        resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource).Distinct();

    /// <summary>The parameters that must not be shown, wherever they are used.</summary>
    public IReadOnlyList<ParameterResource> SecretParameters()
    {
        var seen = new HashSet<object>();
        var left = new Queue<object>(Needed());
        while (left.TryDequeue(out var item))
        {
            if (!seen.Add(item))
                continue;
            foreach (var reference in ReferencesOf(item))
                left.Enqueue(reference);
            if (item is ServerResource server && server.ExternalConnectionString() is null)
                left.Enqueue(server.PasswordParameter);
        }

        return [.. seen.OfType<ParameterResource>().Where(parameter => parameter.Secret)];
    }

    /// <summary>Which of those that run a resource refers to, itself or through connection strings and expressions.</summary>
    public static IReadOnlyList<IResource> ReferencesAmong(IResource resource, IReadOnlyCollection<IResource> running)
    {
        var found = new List<IResource>();
        var seen = new HashSet<object> { resource };
        var left = new Queue<object>(ReferencesOf(resource));
        while (left.TryDequeue(out var item))
        {
            if (!seen.Add(item))
                continue;
            if (item is IResource other && running.Contains(other))
            {
                found.Add(other);
                continue;
            }

            foreach (var reference in ReferencesOf(item))
                left.Enqueue(reference);
        }

        return found;
    }

    private static IEnumerable<object> ReferencesOf(object item)
    {
        if (item is IValueWithReferences value)
        {
            foreach (var reference in value.References)
                yield return reference;
        }

        if (item is not IResource resource)
            yield break;
        foreach (var annotation in resource.Annotations)
        {
            switch (annotation)
            {
                case EnvironmentAnnotation environment:
                    yield return environment.Value;
                    break;
                case ConnectionStringReferenceAnnotation reference:
                    yield return reference.Resource;
                    break;
                case ServiceReferenceAnnotation reference:
                    yield return reference.Resource;
                    break;
            }
        }
    }
}
