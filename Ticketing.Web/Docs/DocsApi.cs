using System.Text.Json;
using System.Text.Json.Nodes;
using Ticketing.Web.Services;

namespace Ticketing.Web.Docs;

/// <summary>The API's document: all services' in one, as they say it at this moment.</summary>
internal static class DocsApi
{
    public static void MapDocs(this IEndpointRouteBuilder app) =>
        app.MapGet("/openapi/v1.json", GetDocument).AllowAnonymous().ExcludeFromDescription();

    private static async Task<IResult> GetDocument(
        IHttpClientFactory clients, HttpResponse response, CancellationToken cancellationToken)
    {
        var documents = await Task.WhenAll(ServicesExtensions.Names.Select(name => ReadAsync(clients, name, cancellationToken)));
        response.Headers.CacheControl = "no-cache";
        return TypedResults.Json(OpenApiMerge.Merge([.. ServicesExtensions.Names.Zip(documents)]));
    }

    private static async Task<JsonObject> ReadAsync(IHttpClientFactory clients, string service, CancellationToken cancellationToken)
    {
        try
        {
            return await clients.CreateClient(service).GetFromJsonAsync<JsonObject>("openapi/v1.json", cancellationToken)
                ?? throw new ServiceDownException(service);
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Half a document would be taken for the whole one.
            throw new ServiceDownException(service, failure);
        }
    }
}
