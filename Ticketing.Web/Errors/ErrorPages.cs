using Microsoft.AspNetCore.Authorization;
using StackExchange.Redis;
using Ticketing.Web.Services;

namespace Ticketing.Web.Errors;

/// <summary>
/// People get a page where a program gets problem details. Everything that fails on the way to a page, an exception
/// included, first becomes an answer without a body (<see cref="PageProblemWriter"/>), and then the page for its status.
/// </summary>
internal static class ErrorPages
{
    private static readonly PathString[] ForPrograms = ["/api", "/.well-known", "/live", "/openapi", "/health", "/alive"];

    /// <summary>Comes before AddApiDefaults: of all writers of problems, the first that can is the one that does.</summary>
    public static IHostApplicationBuilder AddErrorPages(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IProblemDetailsWriter, PageProblemWriter>();
        builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, SignInRedirect>();
        builder.Services.Configure<ExceptionHandlerOptions>(options =>
            options.StatusCodeSelector = failure => IsForNow(failure)
                ? StatusCodes.Status503ServiceUnavailable
                : StatusCodes.Status500InternalServerError);
        return builder;
    }

    /// <summary>Comes first: it acts on answers that have no body, so never on problem details.</summary>
    public static IApplicationBuilder UseErrorPages(this IApplicationBuilder app) => app.UseStatusCodePagesWithReExecute("/error/{0}");

    /// <summary>Whether it will pass: a service is away, or Redis is and the keys for forms were never read.</summary>
    private static bool IsForNow(Exception failure) =>
        failure is ServiceDownException or RedisException || (failure.InnerException is { } inner && IsForNow(inner));

    public static bool IsForPeople(HttpRequest request) =>
        !ForPrograms.Any(path => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase));
}
