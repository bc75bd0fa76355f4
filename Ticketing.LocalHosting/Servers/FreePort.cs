using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Ticketing.LocalHosting.Servers;

/// <summary>
/// Free loopback ports below Linux's ephemeral range (32768–60999): while a server is down nobody's outgoing connection can
/// be given its port, nor can a client that retries end up connected to itself.
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int End = 32_768;

    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>A port that is free now and was not given to anybody else in this process.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            if (IsFree(port) && Given.TryAdd(port, true))
                return port;
        }
    }

    /// <summary>Whether a server could listen on this port of 127.0.0.1 now.</summary>
    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
