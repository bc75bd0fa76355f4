using System.Net;
using System.Net.Sockets;

namespace Ticketing.Tests.Infrastructure;

/// <summary>An address at which connections neither come nor are refused: its queue is full, and nobody accepts any.</summary>
internal sealed class DeafReplica : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly Socket listener = New();
    private readonly List<Socket> callers = [];

    public DeafReplica()
    {
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        bool connected;
        do
        {
            var caller = New();
            callers.Add(caller);
            connected = caller.ConnectAsync(listener.LocalEndPoint!).Wait(Patience);
        }
        while (connected);
    }

    public Uri Address => new($"http://{listener.LocalEndPoint}");

    public void Dispose()
    {
        callers.ForEach(caller => caller.Dispose());
        listener.Dispose();
    }

    private static Socket New() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
}
