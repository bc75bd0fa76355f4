using System.Buffers;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Ticketing.ServiceDefaults;

namespace Ticketing.Web.Forwarding;

/// <summary>
/// Hands one request on to a service and its answer back, both as streams. The named HttpClient of the service
/// (<c>AddServiceClient</c>) picks the replica and goes to the next one if it could not even connect; a request that
/// was sent is sent again only if the service does it once however often it comes.
/// </summary>
internal sealed class Forwarder(IHttpClientFactory clients, IOptions<ForwardingOptions> options, ILogger<Forwarder> logger)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly ForwardingOptions options = options.Value;

    public async Task ForwardAsync(HttpContext context, string service)
    {
        if (Target(context.Request, service) is not { } target)
        {
            await Problems.NotFound().ExecuteAsync(context);
            return;
        }
        if (context.Request.ContentLength > ServiceDefaultsExtensions.MaxRequestBodySize)
        {
            await TooLarge().ExecuteAsync(context);
            return;
        }

        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        cancellation.CancelAfter(options.ResponseTimeout);
        using var request = CreateRequest(context.Request, target, service);
        HttpResponseMessage response;
        try
        {
            var client = clients.CreateClient(service);
            // Its own limit is meant for calls between services; here the cancellation is the limit.
            client.Timeout = Timeout.InfiniteTimeSpan;
            response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation.Token);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            await AnswerFailureAsync(context, service, request, failure, cancellation.IsCancellationRequested);
            return;
        }
        using (response)
            await RelayAsync(context, service, response, cancellation);
    }

    /// <summary>
    /// The service's address for this request, or null if the path tries to leave its place. The server decoded the
    /// path exactly once (but for %2F); each segment is encoded again exactly once, so that what the client wrote as
    /// data, encoded slashes and dots included, is still data at the service.
    /// </summary>
    internal static Uri? Target(HttpRequest request, string service)
    {
        var segments = request.Path.Value!.Split('/');
        if (segments.Any(segment => segment is "." or ".."))
            return null;
        var path = string.Join('/', segments.Select(Uri.EscapeDataString));
        return new Uri($"http://{service}{path}{request.QueryString}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
    }

    private static HttpRequestMessage CreateRequest(HttpRequest from, Uri target, string service)
    {
        var to = new HttpRequestMessage(new HttpMethod(from.Method), target);
        var safe = HttpMethods.IsGet(from.Method) || HttpMethods.IsHead(from.Method) || HttpMethods.IsOptions(from.Method);
        var mayRepeat = IsDoneOnce(from, service);
        if (!safe || ForwardedBody.HasBody(from))
            to.Content = new ForwardedBody(from, keep: mayRepeat);
        if (mayRepeat)
            to.AllowRepeat();
        ForwardedHeaders.CopyRequest(from, to, service);
        return to;
    }

    /// <summary>
    /// Whether the service does once what this POST asks for, however often it comes: an order that has a key, and a payment,
    /// since who asks again to pay an order waits for the first one's answer and gets it.
    /// </summary>
    private static bool IsDoneOnce(HttpRequest request, string service) =>
        HttpMethods.IsPost(request.Method)
        && (service == "payments" || (service == "orders" && request.Headers.ContainsKey("Idempotency-Key")));

    private Task AnswerFailureAsync(
        HttpContext context, string service, HttpRequestMessage request, Exception failure, bool tooLate)
    {
        if (context.RequestAborted.IsCancellationRequested)
            return Task.CompletedTask;
        var body = request.Content as ForwardedBody;
        // A chunk size that overflows is an IOException without a status; the other failures have one.
        if (body?.ClientFailure is IOException unreadable)
            return Unreadable(unreadable).ExecuteAsync(context);
        ForwarderLog.NoAnswer(logger, failure, request.Method, service, context.Request.Path);
        var answer =
            tooLate || failure is OperationCanceledException
                ? Unknown(StatusCodes.Status504GatewayTimeout, "This took too long.")
            // A POST that went out may have been done. Saying 503 would invite a second one.
            : body is { Sent: true } && HttpMethods.IsPost(context.Request.Method)
                ? Unknown(StatusCodes.Status502BadGateway, "The connection broke.")
            : Problems.Unavailable(context, RetryAfter, "This part of the site is not available right now. Please try again.");
        return answer.ExecuteAsync(context);
    }

    private async Task RelayAsync(
        HttpContext context, string service, HttpResponseMessage response, CancellationTokenSource cancellation)
    {
        context.Response.StatusCode = (int)response.StatusCode;
        ForwardedHeaders.CopyResponse(response, context.Response);
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellation.Token);
            var written = 0;
            while (true)
            {
                cancellation.CancelAfter(options.IdleTimeout);
                var reading = body.ReadAsync(buffer, cancellation.Token);
                // What is there goes out before the wait for more; a short answer goes out whole, with its end.
                if (written > 0 && !reading.IsCompleted)
                    await context.Response.Body.FlushAsync(cancellation.Token);
                written = await reading;
                if (written == 0)
                    return;
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, written), cancellation.Token);
            }
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException or OperationCanceledException)
        {
            // The status is out already: only a broken connection tells the client that the body is not whole.
            if (!context.RequestAborted.IsCancellationRequested)
                ForwarderLog.BrokenAnswer(logger, failure, service, context.Request.Path);
            context.Abort();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>What to say when the client's body could not be read to its end.</summary>
    internal static ProblemHttpResult Unreadable(IOException failure) => (failure as BadHttpRequestException)?.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => TooLarge(),
        StatusCodes.Status408RequestTimeout => Problems.Create(StatusCodes.Status408RequestTimeout, [new ApiError("The body came too slowly.")]),
        _ => Problems.BadRequest("The body cannot be read."),
    };

    private static ProblemHttpResult Unknown(int status, string what) =>
        Problems.Create(status, [new ApiError($"{what} Look before you try again: it may have been done.")]);

    private static ProblemHttpResult TooLarge() =>
        Problems.Create(StatusCodes.Status413PayloadTooLarge, [new ApiError("The body is larger than 64 KiB.")]);
}
