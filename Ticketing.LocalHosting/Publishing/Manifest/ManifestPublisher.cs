using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ticketing.LocalHosting.Engine;

namespace Ticketing.LocalHosting.Publishing.Manifest;

/// <summary>
/// Writes the application as Aspire's deployment manifest, which <c>azd up</c> reads:
/// <c>--publisher manifest --output-path PATH</c>.
/// </summary>
internal sealed class ManifestPublisher(ApplicationModel model) : IPublisher
{
    private const string FileName = "aspire-manifest.json";

    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        // It is read by programs and people, never put into a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="path">The manifest's file if it ends in <c>.json</c>, else the directory that gets one.</param>
    public void Write(string path)
    {
        var file = Path.GetFullPath(path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? path : Path.Combine(path, FileName));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, Create(Path.GetDirectoryName(file)!).ToJsonString(Layout) + "\n");
    }

    /// <summary>The manifest; paths in it are relative to <paramref name="directory"/>.</summary>
    public JsonObject Create(string directory)
    {
        var resources = new JsonObject();
        // What others run is not deployed; its address is in the environments.
        foreach (var resource in model.Resources.Where(resource => resource is not ExternalServiceResource))
            resources[resource.Name] = Describe(resource, directory);
        return new JsonObject { ["resources"] = resources };
    }

    private static JsonObject Describe(IResource resource, string directory) => resource switch
    {
        ParameterResource parameter => Parameter(parameter),
        ServerResource server => Container(server),
        ProjectResource project => Project(project, directory),
        IResourceWithConnectionString connection => new JsonObject
        {
            ["type"] = "value.v0",
            ["connectionString"] = ManifestWriter.Instance.Write(connection.ConnectionStringExpression),
        },
        _ => throw new NotSupportedException($"A manifest cannot describe {resource.GetType().Name}."),
    };

    private static JsonObject Parameter(ParameterResource parameter)
    {
        var input = new JsonObject { ["type"] = "string" };
        if (parameter.Secret)
            input["secret"] = true;
        if (parameter.Default is GenerateParameterDefault generate)
        {
            var how = new JsonObject { ["minLength"] = Math.Max(generate.MinLength, 22) };
            if (!generate.Special)
                how["special"] = false;
            input["default"] = new JsonObject { ["generate"] = how };
        }
        else if (parameter.PublishedDefault is { } value)
        {
            input["default"] = new JsonObject { ["value"] = value };
        }
        return new JsonObject
        {
            ["type"] = "parameter.v0",
            ["value"] = $"{{{parameter.Name}.inputs.value}}",
            ["inputs"] = new JsonObject { ["value"] = input },
        };
    }

    private static JsonObject Container(ServerResource server)
    {
        var image = ContainerImage.Of(server);
        var container = new JsonObject
        {
            ["type"] = "container.v0",
            ["connectionString"] = ManifestWriter.Instance.Write(server.ConnectionStringExpression),
            ["image"] = image.Image,
        };
        if (image.Entrypoint.Count > 0)
            container["entrypoint"] = image.Entrypoint[0];
        if (image.Entrypoint.Skip(1).Concat(image.Args).ToList() is { Count: > 0 } args)
            container["args"] = Texts(args);
        if (server.Annotations.OfType<DataVolumeAnnotation>().Any())
        {
            container["volumes"] = new JsonArray(new JsonObject
            {
                ["name"] = $"ticketing-{server.Name}-data", ["target"] = image.DataPath, ["readOnly"] = false,
            });
        }
        if (image.Environment.Count > 0)
            container["env"] = new JsonObject(image.Environment.Select(variable => Variable(variable.Key, ManifestWriter.Instance.Write(variable.Value))));
        container["bindings"] = new JsonObject(server.Endpoints().Select(endpoint => KeyValuePair.Create<string, JsonNode?>(
            endpoint.Name,
            new JsonObject { ["scheme"] = endpoint.UriScheme, ["protocol"] = "tcp", ["transport"] = "tcp", ["targetPort"] = image.Port })));
        return container;
    }

    private static JsonObject Project(ProjectResource project, string directory)
    {
        var description = new JsonObject
        {
            ["type"] = "project.v0",
            ["path"] = Path.GetRelativePath(directory, project.ProjectPath).Replace('\\', '/'),
        };
        if (project.Arguments() is { Count: > 0 } arguments)
            description["args"] = Texts(arguments);
        description["env"] = new JsonObject(PublishedEnvironment.Of(project).Select(variable => Variable(variable.Key, ManifestWriter.Instance.Write(variable.Value))));
        var endpoints = project.Endpoints().ToList();
        if (endpoints.Count > 0)
            description["bindings"] = new JsonObject(endpoints.Select(endpoint => KeyValuePair.Create<string, JsonNode?>(endpoint.Name, Binding(endpoint))));
        return description;
    }

    private static JsonObject Binding(EndpointAnnotation endpoint)
    {
        var binding = new JsonObject { ["scheme"] = endpoint.UriScheme, ["protocol"] = "tcp", ["transport"] = "http" };
        if (endpoint.Port is { } port)
            binding["port"] = port;
        if (endpoint.IsExternal)
            binding["external"] = true;
        return binding;
    }

    private static JsonArray Texts(IEnumerable<string> texts) =>
        new([.. texts.Select(text => JsonValue.Create(ManifestWriter.Instance.Write(new LiteralValue(text))))]);

    private static KeyValuePair<string, JsonNode?> Variable(string name, string value) => new(name, JsonValue.Create(value));
}
