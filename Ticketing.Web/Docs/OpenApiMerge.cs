using System.Text.Json.Nodes;

namespace Ticketing.Web.Docs;

/// <summary>Makes one OpenAPI document of the services' own.</summary>
internal static class OpenApiMerge
{
    private const string SchemaReference = "#/components/schemas/";

    /// <param name="documents">The services' documents by the service's name, in the order in which to show them.</param>
    public static JsonObject Merge(IReadOnlyList<(string Service, JsonObject Document)> documents)
    {
        var paths = new JsonObject();
        var schemas = new JsonObject();
        var tags = new JsonArray();
        foreach (var (service, document) in documents)
        {
            tags.Add(new JsonObject { ["name"] = service });
            var renamed = AddSchemas(service, document, schemas);
            foreach (var (path, item) in document["paths"] as JsonObject ?? [])
            {
                // Only what the site forwards is public.
                if (!path.StartsWith("/api/", StringComparison.Ordinal) && !path.StartsWith("/.well-known/", StringComparison.Ordinal))
                    continue;
                var copy = (JsonObject)item!.DeepClone();
                foreach (var operation in copy.Select(member => member.Value).OfType<JsonObject>())
                    operation["tags"] = new JsonArray(service);
                Rename(copy, renamed);
                paths[path] = copy;
            }
        }
        return new JsonObject
        {
            ["openapi"] = documents.Select(document => document.Document["openapi"]?.GetValue<string>()).FirstOrDefault() ?? "3.1.1",
            ["info"] = new JsonObject { ["title"] = "Ticketing", ["version"] = "v1", ["description"] = "The whole public API." },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
            ["tags"] = tags,
        };
    }

    /// <summary>Adds a document's schemas; one whose name another service uses for something else gets a new name.</summary>
    private static Dictionary<string, string> AddSchemas(string service, JsonObject document, JsonObject schemas)
    {
        var own = document["components"]?["schemas"] as JsonObject ?? [];
        var renamed = new Dictionary<string, string>();
        // A schema that refers to a renamed one becomes another one itself, so this goes on until nothing changes.
        while (own.FirstOrDefault(schema => !renamed.ContainsKey(schema.Key)
            && schemas[schema.Key] is { } other && !JsonNode.DeepEquals(other, Renamed(schema.Value!, renamed))) is { Key: { } clash })
        {
            renamed[clash] = $"{service}.{clash}";
        }
        foreach (var (name, schema) in own)
            schemas[renamed.GetValueOrDefault(name, name)] = Renamed(schema!, renamed);
        return renamed;
    }

    private static JsonNode Renamed(JsonNode schema, Dictionary<string, string> renamed)
    {
        var copy = schema.DeepClone();
        Rename(copy, renamed);
        return copy;
    }

    private static void Rename(JsonNode? node, Dictionary<string, string> renamed)
    {
        if (node is JsonArray array)
        {
            foreach (var element in array)
                Rename(element, renamed);
        }
        if (node is not JsonObject schema)
            return;
        if (schema["$ref"] is JsonValue value && value.TryGetValue<string>(out var reference)
            && reference.StartsWith(SchemaReference, StringComparison.Ordinal)
            && renamed.TryGetValue(reference[SchemaReference.Length..], out var name))
        {
            schema["$ref"] = SchemaReference + name;
        }
        foreach (var (_, member) in schema)
            Rename(member, renamed);
    }
}
