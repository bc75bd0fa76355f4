using System.Text.Json.Nodes;
using Shouldly;
using Ticketing.Web.Docs;
using Xunit;

namespace Ticketing.Tests.Web;

public sealed class OpenApiMergeTests
{
    private static JsonObject Document(string path, string schema, string type) => (JsonObject)JsonNode.Parse($$"""
        {
          "openapi": "3.1.1",
          "paths": {
            "{{path}}": { "get": { "responses": { "200": { "content": { "application/json": {
              "schema": { "$ref": "#/components/schemas/{{schema}}" }
            } } } } } },
            "/internal/x": { "get": {} }
          },
          "components": { "schemas": {
            "{{schema}}": { "type": "{{type}}" },
            "Same": { "type": "string" },
            "List": { "type": "array", "items": { "$ref": "#/components/schemas/{{schema}}" } }
          } }
        }
        """)!;

    [Fact]
    public void All_public_paths_are_there_under_their_services_and_each_keeps_its_own_schema()
    {
        var merged = OpenApiMerge.Merge([
            ("tickets", Document("/api/tickets", "Thing", "object")),
            ("orders", Document("/api/orders", "Thing", "integer")),
        ]);

        merged["paths"]!.AsObject().Select(path => path.Key).ShouldBe(["/api/tickets", "/api/orders"]);
        merged["paths"]!["/api/orders"]!["get"]!["tags"]![0]!.ToString().ShouldBe("orders");
        Referenced("/api/tickets").ShouldBe("#/components/schemas/Thing");
        Referenced("/api/orders").ShouldBe("#/components/schemas/orders.Thing");
        var schemas = merged["components"]!["schemas"]!;
        schemas["Thing"]!["type"]!.ToString().ShouldBe("object");
        schemas["orders.Thing"]!["type"]!.ToString().ShouldBe("integer");
        schemas.AsObject().Count(schema => schema.Key.Contains("Same", StringComparison.Ordinal)).ShouldBe(1);

        string Referenced(string path) =>
            merged["paths"]![path]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!["$ref"]!.ToString();
    }

    [Fact]
    public void A_schema_that_refers_to_a_renamed_one_is_renamed_with_it()
    {
        var merged = OpenApiMerge.Merge([
            ("tickets", Document("/api/tickets", "Thing", "object")),
            ("orders", Document("/api/orders", "Thing", "integer")),
        ]);

        var schemas = merged["components"]!["schemas"]!;
        schemas["List"]!["items"]!["$ref"]!.ToString().ShouldBe("#/components/schemas/Thing");
        schemas["orders.List"]!["items"]!["$ref"]!.ToString().ShouldBe("#/components/schemas/orders.Thing");
    }
}
