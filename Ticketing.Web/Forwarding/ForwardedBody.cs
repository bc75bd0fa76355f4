using System.Net;
using Microsoft.AspNetCore.Http.Features;

namespace Ticketing.Web.Forwarding;

/// <summary>
/// The client's request body on its way to the service, piece by piece as it arrives. Remembers whether any of the
/// request was sent, and whether it was the client's side that failed, since HttpClient reports both alike.
/// </summary>
internal sealed class ForwardedBody : HttpContent
{
    private readonly HttpRequest request;
    private readonly MemoryStream? kept;

    /// <param name="request">Where it comes from.</param>
    /// <param name="keep">Whether it may have to be sent a second time; what has passed is kept for that, 64 KiB at most.</param>
    public ForwardedBody(HttpRequest request, bool keep)
    {
        this.request = request;
        kept = keep ? new MemoryStream() : null;
    }

    /// <summary>Whether the request went out: from here on nobody else may get it, unless it does no harm to do it twice.</summary>
    public bool Sent { get; private set; }

    /// <summary>What went wrong while reading from the client, if anything.</summary>
    public Exception? ClientFailure { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Sent = true;
        if (kept is { Length: > 0 })
            await stream.WriteAsync(kept.GetBuffer().AsMemory(0, (int)kept.Length), cancellationToken);
        var buffer = new byte[4096];
        while (true)
        {
            var read = await ReadAsync(buffer, cancellationToken);
            if (read == 0)
                return;
            kept?.Write(buffer, 0, read);
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            await stream.FlushAsync(cancellationToken);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        // A request without a body still gets a content of length 0: only a request with content is safe from
        // SocketsHttpHandler's silent second try on a fresh connection.
        var known = request.ContentLength ?? (HasBody(request) ? null : 0);
        length = known ?? 0;
        return known is not null;
    }

    public static bool HasBody(HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };

    private async ValueTask<int> ReadAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await request.Body.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            ClientFailure = failure;
            throw;
        }
    }
}
