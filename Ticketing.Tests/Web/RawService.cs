using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ticketing.Tests.Web;

/// <summary>A service behind the site that closes a connection where it likes, and properly (FIN), where Kestrel's Abort breaks it (RST).</summary>
internal sealed class RawService : IDisposable
{
    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    /// <param name="answer">What it sends for a request line; null: nothing. After anything but <see cref="Ok"/> it closes the connection.</param>
    public RawService(Func<string, string?> answer)
    {
        listener.Start();
        _ = AcceptAsync(answer);
    }

    public string Address => $"http://{listener.LocalEndpoint}";

    /// <summary>The request lines but those of <c>/health</c>.</summary>
    public ConcurrentQueue<string> Arrived { get; } = new();

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync(Func<string, string?> answer)
    {
        while (true)
            _ = ServeAsync(await listener.AcceptTcpClientAsync(), answer);
    }

    private async Task ServeAsync(TcpClient client, Func<string, string?> answer)
    {
        using (client)
        using (var reader = new StreamReader(client.GetStream()))
        {
            while (await reader.ReadLineAsync() is { } request)
            {
                while (await reader.ReadLineAsync() is { Length: > 0 }) { }
                var health = request.Contains("/health", StringComparison.Ordinal);
                if (!health)
                    Arrived.Enqueue(request);
                var said = health ? Ok : answer(request);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(said ?? ""));
                if (said != Ok)
                    return;
            }
        }
    }
}
