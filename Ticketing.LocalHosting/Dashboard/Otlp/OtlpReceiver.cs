using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Ticketing.LocalHosting.Dashboard.Access;
using Ticketing.LocalHosting.Dashboard.Store;
using Ticketing.LocalHosting.Engine;
using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace Ticketing.LocalHosting.Dashboard.Otlp;

/// <summary>
/// Takes telemetry by OTLP, as protobuf over HTTP/1.1 or gRPC (opentelemetry.io/docs/specs/otlp). On loopback only, and only from
/// who knows the key: any page in a browser can send something to a port of this machine.
/// </summary>
internal sealed class OtlpReceiver(OtlpAddresses addresses, TelemetryStore store)
{
    /// <summary>For a request, also after decompression.</summary>
    private const int MostBytes = 16 * 1024 * 1024;

    private readonly OtlpSink sink = new(store);

    public static async Task<WebApplication> StartAsync(OtlpAddresses addresses, TelemetryStore store)
    {
        var receiver = new OtlpReceiver(addresses, store);
        var app = Loopback.Create(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MostBytes;
            kestrel.ListenLocalhost(addresses.HttpPort);
            // Without TLS nobody can ask which version is spoken, so that gRPC has a port of its own.
            kestrel.ListenLocalhost(addresses.GrpcPort, listen => listen.Protocols = HttpProtocols.Http2);
        });
        app.UseRouting();
        foreach (var (signal, service) in OtlpSink.Signals)
        {
            app.MapPost($"/v1/{signal}", context => receiver.HttpAsync(context, signal));
            app.MapPost($"/{service}/Export", context => receiver.GrpcAsync(context, signal));
        }

        await app.StartAsync();
        return app;
    }

    private async Task HttpAsync(HttpContext context, string signal)
    {
        var (request, response) = (context.Request, context.Response);
        if (!KnowsKey(request))
            response.StatusCode = StatusCodes.Status401Unauthorized;
        else if (request.ContentType?.Split(';')[0].Trim() != "application/x-protobuf")
            response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        else
            await AnswerAsync();

        async Task AnswerAsync()
        {
            response.ContentType = "application/x-protobuf";
            try
            {
                var body = await ReadAsync(request.Body, request.Headers.ContentEncoding.ToString(), context.RequestAborted);
                await response.Body.WriteAsync(sink.Take(signal, body.Span), context.RequestAborted);
            }
            catch (InvalidDataException exception)
            {
                response.StatusCode = StatusCodes.Status400BadRequest;
                await response.Body.WriteAsync(OtlpSink.Status(3, exception.Message), context.RequestAborted);
            }
            catch (BadHttpRequestException exception)
            {
                response.StatusCode = exception.StatusCode;
            }
        }
    }

    /// <summary>
    /// A unary call: the message is one byte that says whether it is compressed, four for its length, and its bytes; what came
    /// of it is in the trailers.
    /// </summary>
    private async Task GrpcAsync(HttpContext context, string signal)
    {
        const int header = 5;
        context.Response.ContentType = "application/grpc";
        if (!KnowsKey(context.Request))
        {
            End(GrpcStatus.Unauthenticated, "The header x-otlp-api-key is missing or wrong.");
            return;
        }

        try
        {
            var frame = await ReadAsync(context.Request.Body, "", context.RequestAborted);
            if (frame.Length < header)
                throw new InvalidDataException("The message ends before it begins.");
            var encoding = frame.Span[0] == 0 ? "" : context.Request.Headers["grpc-encoding"].ToString();
            var body = await ReadAsync(new MemoryStream(frame[header..].ToArray()), encoding, context.RequestAborted);
            var answer = sink.Take(signal, body.Span);
            byte[] prefix = [0, 0, 0, 0, 0];
            BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), answer.Length);
            await context.Response.Body.WriteAsync((byte[])[.. prefix, .. answer], context.RequestAborted);
            End(GrpcStatus.Ok, "");
        }
        catch (InvalidDataException exception)
        {
            End(GrpcStatus.InvalidArgument, exception.Message);
        }
        catch (BadHttpRequestException)
        {
            End(GrpcStatus.ResourceExhausted, $"More than {MostBytes} bytes.");
        }

        void End(GrpcStatus status, string message)
        {
            context.Response.AppendTrailer("grpc-status", $"{(int)status}");
            context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(message));
        }
    }

    private bool KnowsKey(HttpRequest request) => Secrets.AreEqual(request.Headers[TelemetryTarget.KeyHeader], addresses.Key);

    /// <exception cref="InvalidDataException">It is no gzip, or another encoding, or too much once decompressed.</exception>
    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream body, string encoding, CancellationToken cancellationToken)
    {
        if (encoding is not ("" or "identity" or "gzip"))
            throw new InvalidDataException($"The encoding {encoding} is not read here: gzip is.");
        await using var stream = encoding == "gzip" ? new GZipStream(body, CompressionMode.Decompress) : body;
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        while (await stream.ReadAsync(buffer.GetMemory(16 * 1024), cancellationToken) is > 0 and var read)
        {
            buffer.Advance(read);
            if (buffer.WrittenCount > MostBytes)
                throw new InvalidDataException($"A request has at most {MostBytes} bytes.");
        }

        return buffer.WrittenMemory;
    }

    private enum GrpcStatus
    {
        Ok = 0,
        InvalidArgument = 3,
        ResourceExhausted = 8,
        Unauthenticated = 16,
    }
}
