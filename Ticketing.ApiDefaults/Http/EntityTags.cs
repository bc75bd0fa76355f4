using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Ticketing.ApiDefaults;

/// <summary>Answers that a client may keep and ask about: 304 without a body as long as they are the same (RFC 9110, 13).</summary>
public static class EntityTags
{
    /// <summary>Gives an answer of 200 an <c>ETag</c>, and answers 304 to who has it already.</summary>
    /// <param name="endpoint">Reads something, and its answers are small enough to be held in memory.</param>
    public static RouteHandlerBuilder WithEntityTag(this RouteHandlerBuilder endpoint) =>
        endpoint.AddEndpointFilter(static async (context, next) => new Tagged((IResult)(await next(context))!))
            .AddOpenApiOperationTransformer(static (operation, _, _) =>
            {
                (operation.Parameters ??= []).Add(new OpenApiParameter
                {
                    Name = HeaderNames.IfNoneMatch,
                    In = ParameterLocation.Header,
                    Description = "The `ETag` of the answer that the client has.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                });
                OperationConventions.AddHeader((OpenApiResponse)operation.Responses!["200"], HeaderNames.ETag, JsonSchemaType.String, "For `If-None-Match`.");
                operation.Responses["304"] = new OpenApiResponse { Description = "The answer is still the same." };
                return Task.CompletedTask;
            });

    private sealed class Tagged(IResult answer) : IResult
    {
        private const int Length = 12;

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            var client = response.Body;
            using var buffer = new MemoryStream();
            response.Body = buffer;
            try
            {
                await answer.ExecuteAsync(httpContext);
            }
            finally
            {
                response.Body = client;
            }
            var body = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
            if (response.StatusCode == StatusCodes.Status200OK)
            {
                var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body.Span).AsSpan(0, Length))}\"");
                response.Headers.ETag = tag.ToString();
                // Kept, but not shown again without asking.
                response.Headers.CacheControl = "no-cache";
                if (Has(httpContext.Request, tag))
                {
                    response.StatusCode = StatusCodes.Status304NotModified;
                    response.ContentType = null;
                    return;
                }
            }
            response.ContentLength = body.Length;
            await client.WriteAsync(body, httpContext.RequestAborted);
        }

        private static bool Has(HttpRequest request, EntityTagHeaderValue tag) =>
            request.Headers.IfNoneMatch.Count > 0
            && request.GetTypedHeaders().IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false));
    }
}
