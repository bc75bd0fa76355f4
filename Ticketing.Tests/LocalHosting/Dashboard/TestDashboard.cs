using System.Net;
using Ticketing.LocalHosting;
using Ticketing.LocalHosting.Dashboard;
using Ticketing.LocalHosting.Dashboard.Access;
using Ticketing.LocalHosting.Dashboard.Otlp;
using Ticketing.LocalHosting.Dashboard.Store;
using Ticketing.LocalHosting.Engine;
using Ticketing.LocalHosting.Servers;
using Ticketing.Tests.Infrastructure;

namespace Ticketing.Tests.LocalHosting.Dashboard;

/// <summary>
/// A dashboard with its receiver, on ports of its own, of a small application: the Stripe sandbox, and a Redis of somebody
/// else's, where nobody listens.
/// </summary>
internal sealed class TestDashboard : IAsyncDisposable
{
    public const string Token = "the-token-of-this-start";

    private readonly TestApplication application = new("--ConnectionStrings:redis=127.0.0.1:1,password=hunter2");
    private readonly CancellationTokenSource stop = new();
    private readonly DataDirectory data;
    private readonly IAsyncDisposable[] servers;
    private Task running = Task.CompletedTask;

    private TestDashboard(TelemetryStore store)
    {
        var redis = application.Builder.AddRedis("redis");
        application.Builder.AddProject("stripe", "../Ticketing.StripeSandbox/Ticketing.StripeSandbox.csproj", launchProfileName: null)
            .WithHttpEndpoint().WithHttpHealthCheck("/health").WithReference(redis)
            .WithEnvironment("Sandbox__SecretKey", "sk_test_x").WithEnvironment("Sandbox__WebhookSecret", "whsec_x")
            .WithEnvironment("Sandbox__DataDirectory", Path.Combine(application.Data, "stripe"))
            .WithEnvironment("Plain", application.Builder.AddParameter("hidden", "a-hidden-value", secret: true));
        data = DataDirectory.Open(application.Data);
        Store = store;
        Otlp = new(FreePort.Next(), FreePort.Next(), "the-key");
        Log = new(TextWriter.Null);
        Runner = new(application.Model, data, Log) { Telemetry = Otlp.Target };
        Port = FreePort.Next();
        servers = new IAsyncDisposable[2];
    }

    public TelemetryStore Store { get; }

    public OtlpAddresses Otlp { get; }

    public ConsoleLog Log { get; }

    public ApplicationRunner Runner { get; }

    public int Port { get; }

    public Uri Address => new($"http://localhost:{Port}");

    public static async Task<TestDashboard> StartAsync(bool run = false, TelemetryStore? store = null)
    {
        var dashboard = new TestDashboard(store ?? new());
        dashboard.servers[0] = await OtlpReceiver.StartAsync(dashboard.Otlp, dashboard.Store);
        dashboard.servers[1] = await DeveloperDashboard.StartAsync(
            dashboard.Port, new(dashboard.Runner, dashboard.Log.History, dashboard.Store, new LoginToken(Token), dashboard.Otlp));
        if (run)
        {
            dashboard.running = dashboard.Runner.RunAsync(dashboard.stop.Token);
            await Eventually.HoldsAsync(
                () => Task.FromResult(dashboard.Find("stripe") is { Health: ResourceHealth.Healthy }), "the sandbox serves", TimeSpan.FromSeconds(60));
        }

        return dashboard;
    }

    public ResourceInstance? Find(string name) => Runner.Instances.FirstOrDefault(instance => instance.Name == name);

    /// <summary>A client that has not signed in.</summary>
    public HttpClient Stranger() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };

    /// <summary>A client that came by the printed link.</summary>
    public async Task<HttpClient> DeveloperAsync()
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = Address };
        using var answer = await client.GetAsync($"/login?t={Token}");
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var server in servers)
            await server.DisposeAsync();
        Runner.Dispose();
        data.Dispose();
        stop.Dispose();
        application.Dispose();
    }
}
