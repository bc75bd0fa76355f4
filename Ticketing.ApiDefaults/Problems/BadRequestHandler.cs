using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Ticketing.Contracts;

namespace Ticketing.ApiDefaults;

/// <summary>
/// Turns what the framework finds wrong with a request (no JSON, a field of the wrong type, too large) into the
/// contract's 400 or 413. Anything else goes on to be logged and answered with a plain 500.
/// </summary>
internal sealed class BadRequestHandler : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        // What a body in a charset that nobody knows ends with, before a byte of it is read.
        if (exception is InvalidOperationException or NotSupportedException && !HasKnownCharset(context.Request))
        {
            await Problems.BadRequest("The body's charset is unknown: use UTF-8.").ExecuteAsync(context);
            return true;
        }
        if (exception is not BadHttpRequestException bad)
            return false;

        var problem = bad.StatusCode == StatusCodes.Status413PayloadTooLarge
            ? Problems.Create(bad.StatusCode, [new ApiError("The body is larger than 64 KiB.")])
            : Problems.Create(StatusCodes.Status400BadRequest, [Explain(bad)]);
        await problem.ExecuteAsync(context);
        return true;
    }

    private static bool HasKnownCharset(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.Charset.HasValue)
            return true;
        try
        {
            Encoding.GetEncoding(type.Charset.Value!);
            return true;
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    private static ApiError Explain(BadHttpRequestException bad) =>
        bad.InnerException is JsonException { Path: { } path } json
            // The path of a field is "$.price"; of the document itself "$".
            ? path.StartsWith("$.", StringComparison.Ordinal)
                ? new ApiError(json is InvalidPriceException ? json.Message : "The value has the wrong type or form.", path[2..])
                : new ApiError("The body is not the JSON object that is expected.")
            : new ApiError("The request needs a JSON body, with Content-Type: application/json.");
}
