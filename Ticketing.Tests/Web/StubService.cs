using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ticketing.Tests.Web;

/// <summary>A service that the one under test calls, on a real Kestrel, whose answers the test writes.</summary>
internal sealed class StubService : IAsyncDisposable
{
    private readonly WebApplication app;

    private StubService(WebApplication app) => this.app = app;

    /// <summary>Answers everything but <c>/health</c>.</summary>
    public RequestDelegate Handle { get; set; } = _ => Task.CompletedTask;

    /// <summary>Whether <c>/health</c> says 200.</summary>
    public bool Healthy { get; set; } = true;

    /// <summary>What it says, as Tickets, of waiting rooms; the site asks now and then by itself.</summary>
    public string Rooms { get; set; } = "[]";

    /// <summary>The targets of the requests that arrived, as they were on the wire, e.g. <c>POST /api/orders</c>.</summary>
    public ConcurrentQueue<string> Arrived { get; } = new();

    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<StubService> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var stub = new StubService(app);
        app.Run(stub.AnswerAsync);
        await app.StartAsync();
        return stub;
    }

    /// <summary>Forgets what arrived and answers with this from now on.</summary>
    public void Answers(RequestDelegate handle)
    {
        Arrived.Clear();
        Handle = handle;
    }

    /// <summary>The same with nothing but a status.</summary>
    public void Answers(int status) => Answers(context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    });

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == "/health")
        {
            context.Response.StatusCode = Healthy ? 200 : 503;
            return Task.CompletedTask;
        }
        if (context.Request.Path == "/internal/rooms")
            return context.Response.WriteAsync(context.Request.QueryString.Value!.EndsWith(Guid.Empty.ToString()) ? Rooms : "[]");
        Arrived.Enqueue($"{context.Request.Method} {context.Features.Get<IHttpRequestFeature>()!.RawTarget}");
        return Handle(context);
    }
}
