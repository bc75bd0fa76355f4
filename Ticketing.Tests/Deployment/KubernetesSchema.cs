using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ticketing.Tests.Deployment;

/// <summary>
/// The members of Kubernetes' objects that we use, by the reference of its API (1.30), in <c>kubernetes.schema.json</c>. A name
/// that is not in it is an error: a cluster would drop it, and whoever wrote it would believe it.
/// </summary>
internal static class KubernetesSchema
{
    private static readonly JsonObject Definitions =
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "kubernetes.schema.json")))!["definitions"]!.AsObject();

    public static IReadOnlyList<string> Errors(IEnumerable<YamlMappingNode> objects) => [.. objects.SelectMany(item =>
    {
        var kind = item.Text("kind");
        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = $"#/definitions/{kind}" }),
            ["definitions"] = Definitions.DeepClone(),
        };
        return JsonSchema.Build(JsonSerializer.SerializeToElement(schema)).Errors(Json(item)).Select(error => $"{kind} {item.Text("metadata/name")}{error}");
    })];

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(child => KeyValuePair.Create(((YamlScalarNode)child.Key).Value!, Json(child.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } flag => JsonValue.Create(flag.Value == "true"),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "null" or "" } => null,
        YamlScalarNode { Style: ScalarStyle.Plain } plain when long.TryParse(plain.Value, out var number) => JsonValue.Create(number),
        YamlScalarNode text => JsonValue.Create(text.Value),
        _ => throw new NotSupportedException($"{node.NodeType}"),
    };
}
