using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Ticketing.ApiDefaults;

/// <summary>
/// Writes every problem as JSON, whatever the client accepts, and completes it: <c>traceId</c> and <c>errors</c> are
/// always there, also on answers that the framework makes itself (404, 405, 413, 500 …).
/// </summary>
internal sealed class ProblemWriter : IProblemDetailsWriter
{
    public const string Errors = "errors";

    public const string Reason = "reason";

    public const string MediaType = "application/problem+json";

    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var details = context.ProblemDetails;
        details.Status ??= context.HttpContext.Response.StatusCode;
        Complete(details, TraceOf(context.HttpContext));
        // Without a token: then a client that is gone is no failure, which would be logged as one of the error handler's.
        return new(context.HttpContext.Response.WriteAsJsonAsync(details, options: null, contentType: MediaType));
    }

    public static string TraceOf(HttpContext context) => Activity.Current?.Id ?? context.TraceIdentifier;

    /// <summary>Adds what a problem with a status lacks.</summary>
    public static void Complete(ProblemDetails details, string trace)
    {
        details.Title ??= Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(details.Status!.Value);
        details.Type ??= "about:blank";
        details.Detail ??= details.Title;
        details.Extensions["traceId"] = trace;
        details.Extensions.TryAdd(Errors, new[] { new ApiError(details.Detail) });
    }
}
