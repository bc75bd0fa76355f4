using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Ticketing.ServiceDefaults;

namespace Ticketing.ApiDefaults;

/// <summary>
/// Answers 503 instead of 500 when a database or another server that the service needs is away: it passes by itself,
/// and the client may try again.
/// </summary>
internal sealed partial class UnavailableHandler(ILogger<UnavailableHandler> logger) : IExceptionHandler
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (!TransientFailure.Is(exception))
            return false;

        LogUnavailable(context.Request.Method, context.Request.Path, exception);
        await Problems
            .Unavailable(context, RetryAfter, TransientFailure.IsLockTimeout(exception)
                ? "Others are changing the same at the moment. Please try again."
                : "The service cannot do that at the moment. Look whether it was done, or try again.")
            .ExecuteAsync(context);
        return true;
    }

    [LoggerMessage(LogLevel.Warning, "{Method} {Path} failed for now")]
    private partial void LogUnavailable(string method, PathString path, Exception exception);
}
