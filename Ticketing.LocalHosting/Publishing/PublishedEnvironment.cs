namespace Ticketing.LocalHosting.Publishing;

/// <summary>The environment of a project that runs elsewhere, in terms of values that are known there.</summary>
internal static class PublishedEnvironment
{
    public static IReadOnlyDictionary<string, IValueProvider> Of(ProjectResource project)
    {
        var environment = new Dictionary<string, IValueProvider>();
        if (project.Endpoints().FirstOrDefault(endpoint => endpoint.UriScheme == "http") is { } own)
        {
            environment["HTTP_PORTS"] = new TargetPort(project, own.Name);
            // A proxy that nobody can go around stands in front: it ends TLS and says who comes.
            environment["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = new LiteralValue("true");
        }
        foreach (var annotation in project.Annotations)
        {
            switch (annotation)
            {
                case ConnectionStringReferenceAnnotation { ConnectionName: var name, Resource: var source }:
                    environment[$"ConnectionStrings__{name}"] = source;
                    break;
                case ServiceReferenceAnnotation { Resource: var service }:
                    foreach (var endpoint in service.Endpoints())
                    {
                        environment[$"{service.Name}_{endpoint.Name}".ToUpperInvariant().Replace('-', '_')] = new EndpointReference(service, endpoint.Name);
                        environment[$"services__{service.Name}__{endpoint.Name}__0"] = new EndpointReference(service, endpoint.Name);
                    }
                    break;
                case EnvironmentAnnotation { Name: var name, Value: var value }:
                    environment[name] = value;
                    break;
            }
        }
        return environment;
    }
}

/// <summary>The port that a published project listens on: whoever deploys chooses it.</summary>
internal sealed record TargetPort(IResource Project, string EndpointName) : IValueProvider
{
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        throw new InvalidOperationException("A target port is known only where the application is deployed.");
}
