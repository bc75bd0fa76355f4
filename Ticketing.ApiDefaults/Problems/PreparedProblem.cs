using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Ticketing.Contracts;

namespace Ticketing.ApiDefaults;

/// <summary>
/// A refusal that is given so often that it is made once: from one to the next only the trace of the request differs. For the
/// others there is <see cref="Problems"/>.
/// </summary>
public sealed class PreparedProblem
{
    private const string Trace = "{trace}";

    private readonly int status;
    private readonly string retryAfter;
    private readonly (string Before, string After) answer;

    /// <param name="status">400–599.</param>
    /// <param name="retryAfter">When to try again, rounded up to whole seconds.</param>
    /// <param name="message">What is wrong and what the client can do.</param>
    /// <param name="reason">The same for programs, if there is a word for it.</param>
    public PreparedProblem(int status, TimeSpan retryAfter, string message, string? reason = null)
    {
        this.status = status;
        this.retryAfter = Problems.Seconds(retryAfter).ToString(CultureInfo.InvariantCulture);
        var details = Problems.Create(status, [new ApiError(message)], reason).ProblemDetails;
        ProblemWriter.Complete(details, Trace);
        var text = JsonSerializer.Serialize(details, JsonConventions.Options);
        var place = text.LastIndexOf(Trace, StringComparison.Ordinal);
        answer = (text[..place], text[(place + Trace.Length)..]);
    }

    /// <summary>Answers a request with it.</summary>
    /// <param name="context">The request, whose answer has not begun.</param>
    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = ProblemWriter.MediaType;
        context.Response.Headers.RetryAfter = retryAfter;
        return context.Response.WriteAsync(string.Concat(answer.Before, ProblemWriter.TraceOf(context), answer.After));
    }
}
