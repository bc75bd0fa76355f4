using System.Net.Sockets;

namespace Ticketing.ServiceDefaults;

/// <summary>How HTTP clients of our services connect.</summary>
public static class Connections
{
    /// <summary>
    /// Gives up after <see cref="TimeLimits.Connect"/> with the error of a connection that was refused, so that the request goes
    /// to another replica: nothing of it was sent. <see cref="SocketsHttpHandler.ConnectTimeout"/> cancels the request instead,
    /// as if the service had not answered.
    /// </summary>
    /// <param name="handler">The client's handler.</param>
    public static SocketsHttpHandler WithinConnectLimit(this SocketsHttpHandler handler)
    {
        handler.ConnectCallback = ConnectAsync;
        return handler;
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeLimits.Connect);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, limit.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception failure)
        {
            socket.Dispose();
            if (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                throw new SocketException((int)SocketError.TimedOut);
            throw;
        }
    }
}
