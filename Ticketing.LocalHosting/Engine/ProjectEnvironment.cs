using System.Globalization;

namespace Ticketing.LocalHosting.Engine;

/// <summary>The environment variables of a project, with the names that Aspire gives them.</summary>
internal static class ProjectEnvironment
{
    /// <summary>Sections of the AppHost's own settings; a service gets what is meant for it and no more.</summary>
    private static readonly string[] AppHostSections = ["Parameters__", "ConnectionStrings__"];

    /// <param name="project">The project.</param>
    /// <param name="instance">The replica's name.</param>
    /// <param name="replica">Which replica, from 0.</param>
    /// <param name="telemetry">Where it sends its telemetry, unless the developer says otherwise.</param>
    /// <param name="cancellationToken">Stops the wait for values.</param>
    /// <returns>Variables to set, or to take away where the value is null.</returns>
    public static async Task<Dictionary<string, string?>> CreateAsync(
        ProjectResource project, string instance, int replica, TelemetryTarget? telemetry, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string?>();
        foreach (var inherited in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(IsAppHosts))
            environment[inherited] = null;

        environment["ASPNETCORE_ENVIRONMENT"] = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? "Development";
        environment["ASPNETCORE_URLS"] = string.Join(';', project.Endpoints().Select(endpoint => Url(endpoint, replica)));
        environment["OTEL_SERVICE_NAME"] = project.Name;
        environment["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instance}";

        foreach (var annotation in project.Annotations)
        {
            switch (annotation)
            {
                case ConnectionStringReferenceAnnotation { ConnectionName: var name, Resource: var source }:
                    environment[$"ConnectionStrings__{name}"] = await source.GetValueAsync(cancellationToken);
                    break;
                case ServiceReferenceAnnotation { Resource: var service }:
                    AddService(environment, service);
                    break;
                case EnvironmentAnnotation { Name: var name, Value: var value }:
                    environment[name] = await value.GetValueAsync(cancellationToken);
                    break;
            }
        }

        // Set by the developer, it is theirs, also when it is empty, which turns telemetry off.
        if (telemetry is not null && !environment.ContainsKey(TelemetryTarget.EndpointVariable)
            && Environment.GetEnvironmentVariable(TelemetryTarget.EndpointVariable) is null)
            telemetry.AddTo(environment);
        return environment;
    }

    public static string Url(EndpointAnnotation endpoint, int replica)
    {
        var (host, port) = endpoint.Allocated[replica];
        return string.Create(CultureInfo.InvariantCulture, $"{endpoint.UriScheme}://{host}:{port}");
    }

    private static void AddService(Dictionary<string, string?> environment, IResource service)
    {
        foreach (var endpoint in service.Endpoints())
        {
            environment[$"{service.Name}_{endpoint.Name}".ToUpperInvariant().Replace('-', '_')] = Url(endpoint, 0);
            for (var replica = 0; replica < endpoint.Allocated.Count; replica++)
                environment[$"services__{service.Name}__{endpoint.Name}__{replica}"] = Url(endpoint, replica);
        }
    }

    private static bool IsAppHosts(string name) =>
        Array.Exists(AppHostSections, section => name.StartsWith(section, StringComparison.OrdinalIgnoreCase));
}
