using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;

namespace Ticketing.Tests.Web.Live;

/// <summary>A page's connection to the hub, made as the site's script makes it: WebSockets only, without negotiation.</summary>
internal sealed class LiveSocket : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<(string Name, JsonNode Argument)> messages = Channel.CreateUnbounded<(string, JsonNode)>();
    private readonly HubConnection hub;

    private LiveSocket(HubConnection hub)
    {
        this.hub = hub;
        foreach (var name in (string[])["ticket", "order", "payment", "notification"])
            hub.On<JsonNode>(name, argument => messages.Writer.TryWrite((name, argument)));
    }

    public static async Task<LiveSocket> ConnectAsync(
        Uri site, string? session = null, string? origin = null, string? cookie = null)
    {
        string?[] cookies = [session is null ? null : $"session={session}", cookie];
        var hub = new HubConnectionBuilder().WithUrl(new Uri(site, "/live/hub"), HttpTransportType.WebSockets, options =>
        {
            options.SkipNegotiation = true;
            options.Headers["Cookie"] = string.Join("; ", cookies.Where(part => part is not null));
            options.Headers["Origin"] = origin ?? site.GetLeftPart(UriPartial.Authority);
        }).Build();
        var live = new LiveSocket(hub);
        await hub.StartAsync();
        return live;
    }

    /// <summary>Calls a method of the hub and waits until it is done.</summary>
    public Task InvokeAsync(string method, params object[] arguments) => hub.InvokeCoreAsync(method, arguments);

    /// <summary>The next message to the page: its name and its argument.</summary>
    public Task<(string Name, JsonNode Argument)> NextAsync() => messages.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public ValueTask DisposeAsync() => hub.DisposeAsync();
}
