using Microsoft.AspNetCore.Http.HttpResults;
using Ticketing.ApiDefaults;
using Yarp.ReverseProxy.Forwarder;

namespace Ticketing.Web.Forwarding;

/// <summary>Says what a forwarded request failed by, where YARP leaves an answer with a status alone.</summary>
internal sealed partial class ForwardingErrors(RequestDelegate next, ILogger<ForwardingErrors> logger)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (context.GetForwarderErrorFeature() is not { } failure || IsClientGone(failure.Error))
            return;
        LogFailure(failure.Exception, context.Request.Method, context.Request.Path, context.GetRouteModel().Config.ClusterId!, failure.Error);
        if (!context.Response.HasStarted && Describe(context, failure) is { } problem)
            await problem.ExecuteAsync(context);
    }

    private static ProblemHttpResult? Describe(HttpContext context, IForwarderErrorFeature failure) => context.Response.StatusCode switch
    {
        StatusCodes.Status504GatewayTimeout => Unknown(StatusCodes.Status504GatewayTimeout, "This took too long."),
        // A POST that went out may have been done. Saying 503 would invite a second one.
        StatusCodes.Status502BadGateway when HttpMethods.IsPost(context.Request.Method) && !Failover.IsUnsent(failure) =>
            Unknown(StatusCodes.Status502BadGateway, "The connection broke."),
        StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable =>
            Problems.Unavailable(context, RetryAfter, "This part of the site is not available right now. Please try again."),
        // The service's own answer, given before it had read the whole body.
        _ => null,
    };

    private static ProblemHttpResult Unknown(int status, string what) =>
        Problems.Create(status, [new ApiError($"{what} Look before you try again: it may have been done.")]);

    private static bool IsClientGone(ForwarderError error) => error
        is ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled
        or ForwarderError.ResponseBodyClient or ForwarderError.ResponseBodyCanceled;

    [LoggerMessage(1, LogLevel.Warning, "{Method} {Path} was not answered by {Service}, or not to the end: {Error}")]
    private partial void LogFailure(Exception? failure, string method, PathString path, string service, ForwarderError error);
}
