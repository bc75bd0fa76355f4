using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Ticketing.ApiDefaults;

/// <summary>
/// The expected failures, as answers in the contract's form (RFC 9457 with an <c>errors</c> array). This is the one
/// place where a failure becomes a status code.
/// </summary>
public static class Problems
{
    /// <summary>401: there is no valid session.</summary>
    public static ProblemHttpResult Unauthorized() =>
        Create(StatusCodes.Status401Unauthorized, [new ApiError("Sign in first.")]);

    /// <summary>401, as the original platform has it: the thing exists and belongs to somebody else.</summary>
    public static ProblemHttpResult NotOwner() =>
        Create(StatusCodes.Status401Unauthorized, [new ApiError("This belongs to another user.")]);

    /// <summary>403: the request came from a page of another site.</summary>
    public static ProblemHttpResult ForeignOrigin() =>
        Create(StatusCodes.Status403Forbidden, [new ApiError("The request comes from another site.")]);

    /// <summary>404: there is nothing with this id, or the id is not one.</summary>
    /// <param name="what">What was looked for, with a capital, e.g. <c>Order</c>.</param>
    public static ProblemHttpResult NotFound(string what = "Resource") =>
        Create(StatusCodes.Status404NotFound, [new ApiError($"{what} not found.")]);

    /// <summary>400: the request is well formed, but the thing's state does not allow it.</summary>
    /// <param name="message">Why not, and what the client can do.</param>
    public static ProblemHttpResult BadRequest(string message) =>
        Create(StatusCodes.Status400BadRequest, [new ApiError(message)]);

    /// <summary>400: fields of the request are wrong.</summary>
    /// <param name="errors">At least one.</param>
    public static ProblemHttpResult Validation(ValidationErrors errors) =>
        Create(StatusCodes.Status400BadRequest, errors.All);

    /// <summary>429: too much in too short a time.</summary>
    /// <param name="context">The request, whose answer gets <c>Retry-After</c>.</param>
    /// <param name="retryAfter">When to try again, rounded up to whole seconds.</param>
    /// <param name="message">What was too much, as a sentence; the next one says when to try again.</param>
    public static ProblemHttpResult TooManyRequests(HttpContext context, TimeSpan retryAfter, string message) =>
        Later(context, StatusCodes.Status429TooManyRequests, retryAfter, $"{message} Try again in {InWords(Seconds(retryAfter))}.");

    /// <summary>503: something that is needed does not answer; nothing is known to have changed.</summary>
    /// <param name="context">The request, whose answer gets <c>Retry-After</c>.</param>
    /// <param name="retryAfter">When to try again, rounded up to whole seconds.</param>
    /// <param name="message">What is missing and what the client can do.</param>
    public static ProblemHttpResult Unavailable(HttpContext context, TimeSpan retryAfter, string message) =>
        Later(context, StatusCodes.Status503ServiceUnavailable, retryAfter, message);

    /// <summary>503: more is asked than can be done; nothing was done.</summary>
    /// <param name="context">The request, whose answer gets <c>Retry-After</c>.</param>
    /// <param name="retryAfter">When to try again, rounded up to whole seconds.</param>
    /// <param name="message">What there is too much of.</param>
    public static ProblemHttpResult Busy(HttpContext context, TimeSpan retryAfter, string message) =>
        Later(context, StatusCodes.Status503ServiceUnavailable, retryAfter, message, Contracts.Api.Busy.Reason);

    /// <summary>An answer with this status and these errors, for statuses that have no method of their own.</summary>
    /// <param name="status">400–599.</param>
    /// <param name="errors">At least one.</param>
    /// <param name="reason">The same for programs, if there is a word for it.</param>
    public static ProblemHttpResult Create(int status, IReadOnlyList<ApiError> errors, string? reason = null)
    {
        var details = new ProblemDetails { Status = status, Detail = errors[0].Message };
        details.Extensions[ProblemWriter.Errors] = errors;
        if (reason is not null)
            details.Extensions[ProblemWriter.Reason] = reason;
        return TypedResults.Problem(details);
    }

    private static ProblemHttpResult Later(HttpContext context, int status, TimeSpan retryAfter, string message, string? reason = null)
    {
        context.Response.Headers.RetryAfter = Seconds(retryAfter).ToString(CultureInfo.InvariantCulture);
        return Create(status, [new ApiError(message)], reason);
    }

    internal static long Seconds(TimeSpan time) => Math.Max(1, (long)Math.Ceiling(time.TotalSeconds));

    private static string InWords(long seconds) => seconds switch
    {
        1 => "a second",
        < 120 => $"{seconds} seconds",
        _ => $"{(seconds + 59) / 60} minutes",
    };
}
