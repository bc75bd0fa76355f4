using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace Ticketing.ApiDefaults;

/// <summary>
/// Adds to each operation what follows from the conventions: who may call it, the failures that any route of its kind can
/// answer with, and their form. What only some routes answer with (429, 404 for an id in a body …) they declare themselves.
/// </summary>
internal static class OperationConventions
{
    private const string Default = "default";

    private static readonly Dictionary<string, string> Failures = new()
    {
        ["400"] = "The request is wrong, or the thing's state does not allow it.",
        ["401"] = "There is no valid session, or the thing belongs to somebody else.",
        ["403"] = "The request is signed in by a cookie and comes from a page of another site.",
        ["404"] = "There is no such thing, or the id is none.",
        ["413"] = "The body is larger than 64 KiB.",
        ["429"] = "Too much in too short a time.",
        ["503"] = "Something that is needed does not answer.",
        [Default] = "Any other failure, such as 408, 500, 502 or 504. After 502 and 504 it may have been done all the same.",
    };

    private static readonly string[] Temporary = ["429", "503"];

    public static async Task DescribeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var document = context.Document!;
        if (NeedsSession(context))
        {
            // The first one is what the API's page sends, and a browser has the cookie.
            operation.Security =
            [
                new() { [new OpenApiSecuritySchemeReference(OpenApiConventions.Session, document)] = [] },
                new() { [new OpenApiSecuritySchemeReference(OpenApiConventions.Bearer, document)] = [] },
            ];
        }
        foreach (var id in ParametersIn(operation, ParameterLocation.Path).Select(parameter => parameter.Schema).OfType<OpenApiSchema>())
            id.Format = "uuid";

        document.AddComponent(nameof(ProblemDetails), await context.GetOrCreateSchemaAsync(typeof(ProblemDetails), null, cancellationToken));
        var problem = new OpenApiMediaType { Schema = new OpenApiSchemaReference(nameof(ProblemDetails), document) };
        var declared = operation.Responses ?? [];
        operation.Responses = [];
        foreach (var status in declared.Keys.Union(FailuresOf(operation, context.Description.HttpMethod!)).Order(StringComparer.Ordinal))
        {
            var response = declared.GetValueOrDefault(status) as OpenApiResponse
                ?? new() { Content = new Dictionary<string, OpenApiMediaType> { [ProblemWriter.MediaType] = problem } };
            response.Description = Failures.GetValueOrDefault(status, response.Description!);
            if (Temporary.Contains(status))
                AddHeader(response, "Retry-After", JsonSchemaType.Integer, "When to try again, in seconds.");
            if (status == "200" && ParametersIn(operation, ParameterLocation.Query).Any(parameter => parameter.Name == "cursor"))
                AddHeader(response, "Link", JsonSchemaType.String, "`<ADDRESS>; rel=\"next\"`: the next page, if there is one (RFC 8288).");
            operation.Responses.Add(status, response);
        }
    }

    public static void AddHeader(OpenApiResponse response, string name, JsonSchemaType type, string description) =>
        (response.Headers ??= new Dictionary<string, IOpenApiHeader>())[name] =
            new OpenApiHeader { Description = description, Schema = new OpenApiSchema { Type = type } };

    private static bool NeedsSession(OpenApiOperationTransformerContext context)
    {
        var endpoint = context.Description.ActionDescriptor.EndpointMetadata;
        var fallback = context.ApplicationServices.GetRequiredService<IOptions<AuthorizationOptions>>().Value.FallbackPolicy;
        return !endpoint.OfType<IAllowAnonymous>().Any() && (fallback is not null || endpoint.OfType<IAuthorizeData>().Any());
    }

    private static IEnumerable<string> FailuresOf(OpenApiOperation operation, string method)
    {
        var (needsSession, hasBody) = (operation.Security is not null, operation.RequestBody is not null);
        if (hasBody || ParametersIn(operation, ParameterLocation.Query).Any())
            yield return "400";
        if (needsSession)
            yield return "401";
        if (needsSession && !HttpMethods.IsGet(method))
            yield return "403";
        if (ParametersIn(operation, ParameterLocation.Path).Any())
            yield return "404";
        if (hasBody)
            yield return "413";
        yield return "503";
        yield return Default;
    }

    private static IEnumerable<IOpenApiParameter> ParametersIn(OpenApiOperation operation, ParameterLocation location) =>
        operation.Parameters?.Where(parameter => parameter.In == location) ?? [];
}
