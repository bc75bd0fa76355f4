using System.Net.Sockets;
using System.Text;

namespace Ticketing.Tests.Web;

/// <summary>HTTP/1.1 without a client that tidies up: what a hostile one would send.</summary>
internal static class RawHttp
{
    /// <summary>Sends the lines as they are (the head's end is added) and gives the whole answer.</summary>
    public static async Task<string> SendAsync(Uri site, string[] head, string body = "")
    {
        using var client = new TcpClient();
        await client.ConnectAsync(site.Host, site.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(string.Join("\r\n", head) + "\r\nConnection: close\r\n\r\n" + body));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }

    /// <summary>GET with a request target that no URI class touched.</summary>
    public static Task<string> GetAsync(Uri site, string target) =>
        SendAsync(site, [$"GET {target} HTTP/1.1", $"Host: {site.Authority}"]);
}
