using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Ticketing.Reliability;

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

    /// <summary>Whether a server could listen on this port of <c>localhost</c> now.</summary>
    public static bool IsFree(int port) =>
        IsFree(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || IsFree(IPAddress.IPv6Loopback, port));

    private static bool IsFree(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            // No IPv6 on this machine, so nobody listens there.
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
