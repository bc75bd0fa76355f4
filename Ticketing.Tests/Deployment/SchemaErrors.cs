using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Ticketing.Tests.Deployment;

/// <summary>What a document breaks of its JSON Schema.</summary>
internal static class SchemaErrors
{
    private static readonly EvaluationOptions List = new() { OutputFormat = OutputFormat.List };

    /// <summary>Each error with the place where it is, as a JSON pointer; none where the document is valid.</summary>
    public static IReadOnlyList<string> Errors(this JsonSchema schema, JsonNode? document)
    {
        var results = schema.Evaluate(JsonSerializer.SerializeToElement(document), List);
        return results.IsValid
            ? []
            : [.. from place in results.Details ?? [] from error in place.Errors ?? [] select $"{place.InstanceLocation}: {error.Value}"];
    }
}
