using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Ticketing.Tests.Deployment;

/// <summary>One container or service: its image (null: one of ours) and its environment.</summary>
/// <param name="Image">Of a server; null where it is built from a project.</param>
/// <param name="Environment">Names, with the value where it is written out, and null where it is put together elsewhere.</param>
internal sealed record DeployedResource(string? Image, Dictionary<string, string?> Environment);

/// <summary>What runs with which environment, as the manifest, the Compose file and the Kubernetes base each say it.</summary>
internal static partial class DeployedModel
{
    public static Dictionary<string, DeployedResource> OfManifest(JsonObject manifest) => manifest["resources"]!.AsObject()
        .Where(resource => resource.Value!["type"]!.GetValue<string>() is "project.v0" or "container.v0")
        .ToDictionary(
            resource => resource.Key,
            resource => new DeployedResource(
                resource.Value!["image"]?.GetValue<string>(),
                resource.Value["env"]!.AsObject().ToDictionary(variable => variable.Key, variable => Literal(variable.Value!.GetValue<string>(), '{'))));

    public static Dictionary<string, DeployedResource> OfCompose(YamlMappingNode compose) => compose.Names("services").ToDictionary(
        name => name,
        name => new DeployedResource(
            ImageOf(compose.Text($"services/{name}/image")),
            compose.Names($"services/{name}/environment").ToDictionary(
                variable => variable, variable => Literal(compose.Text($"services/{name}/environment/{variable}"), '$'))));

    public static Dictionary<string, DeployedResource> OfKubernetes(IEnumerable<YamlMappingNode> objects) => objects
        .Where(item => item.At(Container) is not null)
        .ToDictionary(item => item.Text("metadata/name"), item =>
        {
            var variables = item.Each($"{Container}/env").ToList();
            // Values are put together from other variables, $(NAME), which are no settings themselves.
            var parts = variables.SelectMany(variable => Part().Matches(variable.At("value")?.ToString() ?? "")).Select(match => match.Groups[1].Value).ToHashSet();
            return new DeployedResource(
                ImageOf(item.Text($"{Container}/image")),
                variables.Where(variable => !parts.Contains(variable.Text("name"))).ToDictionary(
                    variable => variable.Text("name"),
                    variable => variable.At("value") is YamlScalarNode value ? Literal(value.Value!, '$') : null));
        });

    /// <summary>In words, what a deployment lacks of a model, what it has beyond it, and what it says otherwise.</summary>
    public static IEnumerable<string> Differences(Dictionary<string, DeployedResource> model, Dictionary<string, DeployedResource> deployed)
    {
        foreach (var (name, resource) in model)
        {
            if (!deployed.TryGetValue(name, out var found))
            {
                yield return $"{name} is missing";
                continue;
            }
            if (found.Image != resource.Image)
                yield return $"{name} runs {found.Image ?? "a project"}";
            foreach (var (variable, value) in resource.Environment)
            {
                if (!found.Environment.TryGetValue(variable, out var given))
                    yield return $"{name}: {variable} is missing";
                else if (value is not null && given != value)
                    yield return $"{name}: {variable} is {given ?? "not written out"}";
            }
            foreach (var variable in found.Environment.Keys.Except(resource.Environment.Keys))
                yield return $"{name}: {variable} is added";
        }
        foreach (var name in deployed.Keys.Except(model.Keys))
            yield return $"{name} is added";
    }

    private const string Container = "spec/template/spec/containers/0";

    private static string? Literal(string value, char expression) => value.Contains(expression) ? null : value;

    private static string? ImageOf(string image) => image.Contains("ticketing/", StringComparison.Ordinal) ? null : image;

    [GeneratedRegex(@"\$\((\w+)\)")]
    private static partial Regex Part();
}
