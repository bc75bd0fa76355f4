using System.Text.Json.Nodes;

namespace Ticketing.Tests.Deployment;

/// <summary>As much of JSON Schema (draft 7) as Aspire's manifest schema uses; any other keyword is an error here.</summary>
internal sealed class JsonSchema(JsonObject root)
{
    private static readonly HashSet<string> Known =
    [
        "type", "description", "properties", "additionalProperties", "$ref", "required", "const", "items", "oneOf", "enum", "$schema",
        "$id", "not", "definitions",
    ];

    /// <summary>What is wrong with a document; nothing if it is valid.</summary>
    public IReadOnlyList<string> Errors(JsonNode? document) => [.. Errors(document, root, "$")];

    private IEnumerable<string> Errors(JsonNode? node, JsonNode? rule, string path)
    {
        if (rule is JsonValue always)
            return always.GetValue<bool>() ? [] : [$"{path} is not allowed"];
        var schema = rule!.AsObject();
        if (schema.FirstOrDefault(keyword => !Known.Contains(keyword.Key)).Key is { } unknown)
            throw new NotSupportedException($"The schema says \"{unknown}\".");
        if (schema["$ref"] is { } reference)
            return Errors(node, root["definitions"]![reference.GetValue<string>().Split('/')[^1]], path);
        return [.. OfType(node, schema, path), .. OfValue(node, schema, path), .. OfObject(node as JsonObject, schema, path), .. OfOthers(node, schema, path)];
    }

    private static IEnumerable<string> OfType(JsonNode? node, JsonObject schema, string path)
    {
        if (schema["type"]?.GetValue<string>() is { } type && type != TypeOf(node))
            yield return $"{path} is no {type}";
    }

    private static IEnumerable<string> OfValue(JsonNode? node, JsonObject schema, string path)
    {
        if (schema["const"] is { } only && !JsonNode.DeepEquals(only, node))
            yield return $"{path} is not {only}";
        if (schema["enum"] is JsonArray values && !values.Any(value => JsonNode.DeepEquals(value, node)))
            yield return $"{path} is none of {values.ToJsonString()}";
    }

    private IEnumerable<string> OfObject(JsonObject? node, JsonObject schema, string path)
    {
        if (node is null)
            yield break;
        foreach (var name in schema["required"]?.AsArray() ?? [])
        {
            if (!node.ContainsKey(name!.GetValue<string>()))
                yield return $"{path} has no {name}";
        }
        var properties = schema["properties"]?.AsObject() ?? [];
        foreach (var (name, value) in node)
        {
            var rule = properties.ContainsKey(name) ? properties[name] : schema["additionalProperties"];
            foreach (var error in rule is null ? [] : Errors(value, rule, $"{path}.{name}"))
                yield return error;
        }
    }

    private IEnumerable<string> OfOthers(JsonNode? node, JsonObject schema, string path)
    {
        if (schema["not"] is { } forbidden && !Errors(node, forbidden, path).Any())
            yield return $"{path} is what it must not be";
        if (schema["oneOf"] is JsonArray choices)
        {
            var errors = choices.Select(choice => Errors(node, choice, path).ToList()).ToList();
            if (errors.Count(found => found.Count == 0) != 1)
                yield return $"{path} is not exactly one of {choices.Count}: {string.Join("; ", errors.MinBy(found => found.Count)!)}";
        }
        if (schema["items"] is { } each && node is JsonArray array)
        {
            foreach (var error in array.SelectMany((item, index) => Errors(item, each, $"{path}[{index}]")))
                yield return error;
        }
    }

    private static string TypeOf(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject => "object",
        JsonArray => "array",
        _ => node.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.String => "string",
            System.Text.Json.JsonValueKind.Number => "number",
            _ => "boolean",
        },
    };
}
