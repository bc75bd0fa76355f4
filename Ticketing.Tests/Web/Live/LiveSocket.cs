using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Ticketing.Tests.Web.Live;

/// <summary>A page's socket: SignalR's JSON protocol over a WebSocket, without negotiation, as the site's script does it.</summary>
internal sealed class LiveSocket : IAsyncDisposable
{
    private const char End = '\u001e';
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ClientWebSocket socket = new();
    private readonly Queue<JsonNode> messages = new();
    private int invocation;

    public static async Task<LiveSocket> ConnectAsync(
        Uri site, string? session = null, string? origin = null, string? cookie = null)
    {
        var live = new LiveSocket();
        string?[] cookies = [session is null ? null : $"session={session}", cookie];
        live.socket.Options.SetRequestHeader("Cookie", string.Join("; ", cookies.Where(part => part is not null)));
        live.socket.Options.SetRequestHeader("Origin", origin ?? site.GetLeftPart(UriPartial.Authority));
        await live.socket.ConnectAsync(new UriBuilder(site) { Scheme = "ws", Path = "/live/hub" }.Uri, CancellationToken.None);
        await live.SendAsync("""{"protocol":"json","version":1}""");
        using var patience = new CancellationTokenSource(Patience);
        (await live.ReceiveAsync(patience.Token)).ToJsonString().ShouldBeHandshake();
        return live;
    }

    /// <summary>Calls a method of the hub and waits until it is done; other messages meanwhile are kept.</summary>
    public async Task InvokeAsync(string method, params object[] arguments)
    {
        var id = (++invocation).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var list = System.Text.Json.JsonSerializer.SerializeToNode(arguments)!;
        var call = new JsonObject { ["type"] = 1, ["invocationId"] = id, ["target"] = method, ["arguments"] = list };
        await SendAsync(call.ToJsonString());
        var kept = new List<JsonNode>();
        using var patience = new CancellationTokenSource(Patience);
        JsonNode message;
        while ((message = await ReceiveAsync(patience.Token))["invocationId"]?.ToString() != id)
            kept.Add(message);
        kept.ForEach(messages.Enqueue);
        if (message["error"] is { } error)
            throw new InvalidOperationException(error.ToString());
    }

    /// <summary>The next message to the page: its name and its argument. Pings are passed over.</summary>
    public async Task<(string Name, JsonNode Argument)> NextAsync()
    {
        // One for all messages: with one for each, the site's pings would keep this waiting for ever.
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var message = await ReceiveAsync(patience.Token);
            if (message["target"] is { } target)
                return (target.ToString(), message["arguments"]![0]!);
        }
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task SendAsync(string json) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(json + End), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private async Task<JsonNode> ReceiveAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (messages.Count == 0)
        {
            var result = await socket.ReceiveAsync(buffer, cancellationToken);
            if (result.MessageType == WebSocketMessageType.Close)
                throw new InvalidOperationException("The site closed the socket.");
            text.Append(Encoding.UTF8.GetString(buffer, 0, result.Count));
            if (text[^1] != End)
                continue;
            foreach (var json in text.ToString().Split(End, StringSplitOptions.RemoveEmptyEntries))
                messages.Enqueue(JsonNode.Parse(json)!);
            text.Clear();
        }
        return messages.Dequeue();
    }
}

file static class Handshake
{
    public static void ShouldBeHandshake(this string json)
    {
        if (json != "{}")
            throw new InvalidOperationException($"The hub refused the handshake: {json}");
    }
}
