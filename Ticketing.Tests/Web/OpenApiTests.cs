using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tests.Security;
using Xunit;

namespace Ticketing.Tests.Web;

/// <summary>The OpenAPI documents, as the site gives them to those who generate clients, against the contract.</summary>
[Collection(typeof(MarketplaceCollection))]
public sealed partial class OpenApiTests(Marketplace market) : IAsyncLifetime
{
    private static readonly string[] Names = ["auth", "tickets", "orders", "payments", "v1"];
    private static readonly string[] Methods = ["get", "post", "put", "delete", "patch"];

    private static readonly string[] Failures = ["400", "401", "403", "404", "413", "429", "503", "default"];

    private readonly Dictionary<string, JsonObject> documents = [];

    public async ValueTask InitializeAsync()
    {
        using var client = market.Web.Anonymous();
        foreach (var name in Names)
            documents[name] = (await client.GetFromJsonAsync<JsonObject>($"/openapi/{name}.json"))!;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Such as <c>POST /api/orders</c>, with the document that it is in.</summary>
    private IEnumerable<(string Name, JsonObject Operation, JsonObject Document)> Operations =>
        from document in documents.Values
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where Methods.Contains(operation.Key)
        select ($"{operation.Key.ToUpperInvariant()} {path.Key}", operation.Value!.AsObject(), document);

    [Fact]
    public void Every_operation_has_a_name_of_its_own_a_summary_and_a_tag()
    {
        var ids = Operations.Select(operation => operation.Operation["operationId"]?.GetValue<string>()).ToList();
        ids.ShouldAllBe(id => id != null && OperationId().IsMatch(id));
        ids.ShouldBeUnique();
        Operations.Where(operation => operation.Operation["summary"] is null || operation.Operation["tags"] is null).ShouldBeEmpty();
    }

    [Fact]
    public void Who_needs_a_session_is_said_and_both_ways_to_bring_it()
    {
        foreach (var (name, operation, document) in Operations)
        {
            var route = market.Routes.Single(route => route.Name == name);
            var schemes = operation["security"]?.AsArray().Select(requirement => requirement!.AsObject().Single().Key);
            (schemes ?? []).ShouldBe(route.NeedsSession ? ["session", "bearer"] : [], name);
            document["components"]!["securitySchemes"]!["bearer"]!["scheme"]!.GetValue<string>().ShouldBe("bearer");
            document["components"]!["securitySchemes"]!["session"]!["in"]!.GetValue<string>().ShouldBe("cookie");
        }
    }

    /// <summary>Each row of the contract's table: its routes, the status of success, and those of failures.</summary>
    [Fact]
    public void Everything_in_the_contract_is_in_the_documents()
    {
        var contract = File.ReadAllLines(Path.Combine(TestFiles.Root, "docs", "contract.md"));
        var rows = contract.SkipWhile(line => line != "## Routes").TakeWhile(line => line != "## Waiting rooms")
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split(" | ")).ToList();
        rows.Count.ShouldBeGreaterThan(35);
        var known = Operations.ToLookup(operation => operation.Name, operation => operation.Operation["responses"]!.AsObject());
        List<string> missing = [];
        foreach (var row in rows)
        {
            var routes = Route().Matches(row[0]).Select(match => match.Value).ToList();
            routes.ShouldNotBeEmpty(row[0]);
            foreach (var status in Status().Matches($"{row[^2]} {row[^1]}").Select(match => match.Value))
            {
                var without = routes.Where(route => known[route].FirstOrDefault()?.ContainsKey(status) != true).ToList();
                // Two routes in one row succeed in ways of their own, and fail in the same.
                if (status[0] == '2' ? without.Count == routes.Count : without.Count > 0)
                    missing.Add($"{row[0]} {status}");
            }
        }
        missing.ShouldBeEmpty();
    }

    [Fact]
    public void Every_failure_is_a_problem_with_errors()
    {
        foreach (var (name, operation, document) in Operations)
        {
            var failures = operation["responses"]!.AsObject().Where(response => response.Key[0] is '4' or '5' or 'd').ToList();
            failures.Select(failure => failure.Key).ShouldBe(Expected(operation), ignoreOrder: true, customMessage: name);
            foreach (var (status, answer) in failures)
            {
                answer!["content"]!.AsObject().Select(content => content.Key).ShouldBe(["application/problem+json"], name);
                var schema = Resolve(document, answer["content"]!["application/problem+json"]!["schema"]!);
                schema["required"]!.AsArray().Select(field => field!.GetValue<string>())
                    .ShouldBe(["type", "title", "status", "detail", "traceId", "errors"], name);
                var error = Resolve(document, schema["properties"]!["errors"]!["items"]!);
                error["required"]!.AsArray().Single()!.GetValue<string>().ShouldBe("message");
                (answer["headers"]?["Retry-After"] is not null).ShouldBe(status is "429" or "503", $"{name} {status}");
            }
        }
    }

    /// <summary>What an operation can fail with, given what else is said about it.</summary>
    private static IEnumerable<string> Expected(JsonObject operation)
    {
        var declared = operation["responses"]!.AsObject();
        var parameters = (operation["parameters"] as JsonArray ?? []).Select(parameter => parameter!["in"]!.GetValue<string>()).ToHashSet();
        var always = new Dictionary<string, bool>
        {
            ["400"] = operation["requestBody"] is not null || parameters.Contains("query"),
            ["401"] = operation["security"] is not null,
            ["404"] = parameters.Contains("path"),
            ["413"] = operation["requestBody"] is not null,
            ["503"] = true,
            ["default"] = true,
        };
        // The others are said by the route, and held against the contract above.
        return Failures
            .Where(status => always.GetValueOrDefault(status) || declared.ContainsKey(status));
    }

    [Fact]
    public void A_value_is_of_one_type_and_null_only_where_it_clears_or_stands_for_nobody()
    {
        List<string> unions = [], numbers = [], nulls = [];
        foreach (var (name, node) in documents.SelectMany(document => Nodes(document.Value, document.Key)))
        {
            var types = node["type"] switch
            {
                JsonArray several => several.Select(type => type!.GetValue<string>()).ToList(),
                JsonValue one when one.TryGetValue<string>(out var type) => [type],
                _ => [],
            };
            if (types.Count(type => type != "null") > 1)
                unions.Add(name);
            if (types.Contains("null"))
                nulls.Add(name);
            if (types.Any(type => type is "integer" or "number") && node["pattern"] is not null)
                numbers.Add(name);
        }
        unions.ShouldBeEmpty();
        numbers.ShouldBeEmpty();
        nulls.ShouldAllBe(name => name.Contains(".UpdateTicketRequest.", StringComparison.Ordinal) || name.Contains(".currentUser.", StringComparison.Ordinal));
        nulls.Count(name => name.Contains(".UpdateTicketRequest.", StringComparison.Ordinal)).ShouldBe(4);

        var ticket = documents["tickets"]["components"]!["schemas"]!["TicketResponse"]!;
        ticket["properties"]!["price"]!["type"]!.GetValue<string>().ShouldBe("number");
        ticket["properties"]!["quantity"]!["type"]!.GetValue<string>().ShouldBe("integer");
        ticket["properties"]!["startsAt"]!["format"]!.GetValue<string>().ShouldBe("date-time");
        ticket["required"]!.AsArray().Select(field => field!.GetValue<string>())
            .ShouldBe(["id", "title", "price", "currency", "quantity", "available", "userId", "version", "createdAt"]);
        documents["tickets"]["components"]!["schemas"]!["CreateTicketRequest"]!["required"]!.AsArray()
            .Select(field => field!.GetValue<string>()).ShouldBe(["title", "price"]);
        documents["orders"]["components"]!["schemas"]!["OrderResponse"]!["properties"]!["status"]!["enum"]!.AsArray()
            .Select(value => value!.GetValue<string>()).ShouldBe(["created", "awaiting:payment", "complete", "cancelled"]);
    }

    [Fact]
    public void Every_body_has_an_example_with_its_fields()
    {
        foreach (var (name, operation, document) in Operations.Where(operation => operation.Operation["requestBody"] is not null))
        {
            var schema = Resolve(document, operation["requestBody"]!["content"]!["application/json"]!["schema"]!);
            var example = schema["examples"].ShouldNotBeNull(name).AsArray().First()!.AsObject().Select(field => field.Key).ToList();
            example.ShouldBeSubsetOf(schema["properties"]!.AsObject().Select(field => field.Key), name);
            (schema["required"] as JsonArray ?? []).Select(field => field!.GetValue<string>()).ShouldBeSubsetOf(example, name);
        }
    }

    [Fact]
    public void Lists_name_their_next_page_and_ids_are_uuids()
    {
        foreach (var (name, operation, _) in Operations)
        {
            var parameters = (operation["parameters"] as JsonArray ?? []).Select(parameter => parameter!.AsObject()).ToList();
            var isPaged = parameters.Any(parameter => parameter["name"]!.GetValue<string>() == "cursor");
            (operation["responses"]!["200"]?["headers"]?["Link"] is not null).ShouldBe(isPaged, name);
            parameters.Where(parameter => parameter["in"]!.GetValue<string>() == "path")
                .ShouldAllBe(parameter => parameter["schema"]!["format"]!.GetValue<string>() == "uuid");
        }
        Parameter("POST /api/orders", "Idempotency-Key")["in"]!.GetValue<string>().ShouldBe("header");
        Parameter("GET /api/tickets", "limit")["schema"]!["type"]!.GetValue<string>().ShouldBe("integer");

        JsonNode Parameter(string operation, string name) => Operations.Single(known => known.Name == operation).Operation["parameters"]!.AsArray()
            .Single(parameter => parameter!["name"]!.GetValue<string>() == name)!;
    }

    [Fact]
    public async Task No_document_tells_where_its_service_is()
    {
        foreach (var (name, document) in documents)
        {
            document["servers"]!.AsArray().Single()!["url"]!.GetValue<string>().ShouldBe("/", name);
            document.ToJsonString().ShouldNotContain("127.0.0.1");
        }
        foreach (var service in market.Services.Values)
        {
            using var client = new HttpClient();
            (await client.GetFromJsonAsync<JsonObject>(new Uri(service, "/openapi/v1.json")))!["openapi"]!.GetValue<string>().ShouldStartWith("3.1");
        }
    }

    private static JsonNode Resolve(JsonObject document, JsonNode schema) => schema["$ref"]?.GetValue<string>() is { } reference
        ? document["components"]!["schemas"]![reference.Split('/')[^1]]!
        : schema;

    private static IEnumerable<(string Name, JsonObject Node)> Nodes(JsonNode? node, string name)
    {
        var inner = node switch
        {
            JsonObject fields => fields.Where(field => field.Key is not ("examples" or "enum")).Select(field => (field.Key, field.Value)),
            JsonArray elements => elements.Select((element, index) => ($"{index}", element)),
            _ => [],
        };
        return inner.SelectMany(member => Nodes(member.Item2, $"{name}.{member.Item1}")).Concat(node is JsonObject itself ? [(name, itself)] : []);
    }

    [GeneratedRegex("^[a-z][a-zA-Z]+$")]
    private static partial Regex OperationId();

    [GeneratedRegex(@"\b[2345]\d\d\b")]
    private static partial Regex Status();

    [GeneratedRegex(@"[A-Z]+ /[^`?]+")]
    private static partial Regex Route();
}
