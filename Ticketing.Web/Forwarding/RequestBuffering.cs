using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Ticketing.ApiDefaults;

namespace Ticketing.Web.Forwarding;

/// <summary>
/// Reads a request's body to its end before a service is asked, since it has 64 KiB at most: no service waits for a slow
/// client or sees half a request, the waiting room can look into it, and it can be sent again.
/// </summary>
internal sealed class RequestBuffering(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        // No service has sockets; YARP would send on as a GET what asks for one.
        request.Headers.Upgrade = default;
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            var body = new MemoryStream();
            try
            {
                await request.Body.CopyToAsync(body, context.RequestAborted);
            }
            catch (IOException unreadable)
            {
                if (!context.RequestAborted.IsCancellationRequested)
                    await Describe(unreadable).ExecuteAsync(context);
                return;
            }
            body.Position = 0;
            request.Body = body;
        }
        else
        {
            request.Body = Stream.Null;
            // Without content, be it empty, SocketsHttpHandler itself would send it again when a connection of the pool breaks.
            if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
                request.ContentLength = 0;
        }
        await next(context);
    }

    private static ProblemHttpResult Describe(IOException failure) => failure switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            Problems.Create(StatusCodes.Status413PayloadTooLarge, [new ApiError("The body is larger than 64 KiB.")]),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } =>
            Problems.Create(StatusCodes.Status408RequestTimeout, [new ApiError("The body came too slowly.")]),
        // A chunk size that overflows is an IOException without a status.
        _ => Problems.BadRequest("The body cannot be read."),
    };
}
