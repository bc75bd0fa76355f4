using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Ticketing.Reliability.Fuzzing;

/// <summary>A route of the API, as its OpenAPI document has it.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Path">With its parameters in braces, such as <c>/api/orders/{id}</c>.</param>
/// <param name="Query">The names of its query parameters.</param>
/// <param name="Headers">The names of its header parameters.</param>
/// <param name="Fields">The names of its JSON body's fields, with their types; null if it has no body.</param>
internal sealed record Route(
    string Method, string Path, IReadOnlyList<string> Query, IReadOnlyList<string> Headers, IReadOnlyDictionary<string, string>? Fields)
{
    private static readonly HashSet<string> Public =
    [
        "POST /api/users/signup", "POST /api/users/signin", "POST /api/users/signout", "POST /api/users/refresh",
        "GET /api/users/currentuser", "GET /.well-known/jwks.json", "GET /.well-known/openid-configuration",
        "GET /api/tickets", "GET /api/tickets/{id}", "GET /api/tickets/admissions/jwks.json",
        "POST /api/payments/webhook",
    ];

    public string Name => $"{Method} {Path}";

    public bool NeedsSession => !Public.Contains(Name);

    public bool Changes => Method != "GET";

    /// <summary>Whether it is about one listing, by its id; the others with a parameter are about one order.</summary>
    public bool IsAboutListing =>
        Path.StartsWith("/api/tickets/{", StringComparison.Ordinal) || Path.EndsWith("{ticketId}", StringComparison.Ordinal);

    /// <summary>The path with this in place of its parameter, if it has one.</summary>
    public string PathOf(string id) => string.Join('/', Path.Split('/').Select(part => part.StartsWith('{') ? id : part));

    /// <summary>Whether a path is one of this route's.</summary>
    public bool Matches(string path)
    {
        var (template, parts) = (Path.Split('/'), path.Split('/'));
        return template.Length == parts.Length
            && template.Zip(parts).All(pair => pair.First.StartsWith('{') ? pair.Second.Length > 0 : pair.First == pair.Second);
    }
}

/// <summary>Reads the routes out of the OpenAPI documents.</summary>
internal static class ApiDocument
{
    private static readonly string[] Methods = ["get", "post", "put", "delete", "patch"];

    /// <summary>The site has one document for each service, and one for its own routes.</summary>
    private static readonly string[] Documents = ["auth", "tickets", "orders", "payments", "v1"];

    /// <summary>All public routes.</summary>
    /// <param name="site">Whose base address is the site's.</param>
    public static async Task<IReadOnlyList<Route>> ReadAsync(HttpClient site, CancellationToken cancellationToken)
    {
        var routes = new List<Route>();
        foreach (var name in Documents)
            routes.AddRange(Read((await site.GetFromJsonAsync<JsonObject>($"/openapi/{name}.json", cancellationToken))!));
        return routes;
    }

    private static IEnumerable<Route> Read(JsonObject document) =>
        from path in (JsonObject)document["paths"]!
        from operation in (JsonObject)path.Value!
        where Methods.Contains(operation.Key)
        orderby path.Key, operation.Key
        select Read(document, operation.Key.ToUpperInvariant(), path.Key, (JsonObject)operation.Value!);

    private static Route Read(JsonObject document, string method, string path, JsonObject operation)
    {
        var parameters = (operation["parameters"] as JsonArray ?? []).Select(parameter => (
            Name: parameter!["name"]!.GetValue<string>(), In: parameter["in"]!.GetValue<string>())).ToList();
        var schema = operation["requestBody"]?["content"]?["application/json"]?["schema"];
        return new Route(
            method, path.TrimEnd('/'),
            [.. parameters.Where(parameter => parameter.In == "query").Select(parameter => parameter.Name)],
            [.. parameters.Where(parameter => parameter.In == "header").Select(parameter => parameter.Name)],
            schema is null ? null : Fields(document, schema));
    }

    private static Dictionary<string, string> Fields(JsonObject document, JsonNode schema)
    {
        // "#/components/schemas/Request"
        if (schema["$ref"]?.GetValue<string>() is { } reference)
            schema = document["components"]!["schemas"]![reference.Split('/')[^1]]!;
        return (schema["properties"] as JsonObject ?? []).ToDictionary(
            property => property.Key,
            property => property.Value?["type"] switch
            {
                JsonValue value => value.GetValue<string>(),
                JsonArray types => types.Select(type => type!.GetValue<string>()).First(type => type != "null"),
                _ => "string",
            });
    }
}
