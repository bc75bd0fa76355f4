using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Ticketing.AppHost.LocalServers;
using Ticketing.AppHost.Processes;
using Ticketing.AppHost.Supervision;
using Ticketing.Reliability;

namespace Ticketing.Tests.Infrastructure;

/// <summary>
/// One of the AppHost's servers for a test that stops or kills it: the same resource, in an application of its own, and
/// nobody starts it again but the test.
/// </summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly ServerApplication application;
    private readonly string name;

    private TestServer(ServerApplication application, string name) => (this.application, this.name) = (application, name);

    /// <summary>The superuser's connection string.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Where its data and its password lie.</summary>
    public string DataDirectory => application.DataDirectory;

    /// <summary>The process that serves.</summary>
    public int ProcessId => ProcessOf(name);

    /// <summary>The process of this or another resource beside it.</summary>
    public int ProcessOf(string resource) => application.ProcessOf(resource);

    public static Task<TestServer> StartPostgresAsync() =>
        StartAsync("postgres", builder => builder.AddPostgresServer("postgres"));

    public static Task<TestServer> StartRedisAsync() => StartAsync("redis", builder => builder.AddRedisServer("redis"));

    public static Task<TestServer> StartRabbitMQAsync() => StartAsync("rabbitmq", builder => builder.AddRabbitMQServer("rabbitmq"));

    /// <summary>Kills it (SIGKILL) with all processes below it, and waits until they are gone.</summary>
    public Task KillAsync() => application.EndAsync(name, Signal.Kill);

    /// <summary>Stops it in good order: PostgreSQL ends open sessions at SIGINT and waits for them at SIGTERM.</summary>
    public Task StopAsync() => application.EndAsync(name, name == "postgres" ? Signal.Interrupt : Signal.Terminate);

    /// <summary>Starts it again on the same port and data, and waits until it serves.</summary>
    public Task StartAgainAsync() => application.StartAsync(name);

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private static async Task<TestServer> StartAsync(string name, Action<IDistributedApplicationBuilder> add)
    {
        var application = await ServerApplication.StartAsync(add);
        return new(application, name) { ConnectionString = await application.ConnectionStringAsync(name) };
    }
}

/// <summary>Some of the AppHost's servers, hosted by this process, with data of their own that go with them.</summary>
internal sealed class ServerApplication : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DistributedApplication application;

    private ServerApplication(DistributedApplication application, string dataDirectory) =>
        (this.application, DataDirectory) = (application, dataDirectory);

    /// <summary>Where the servers' data and passwords lie.</summary>
    public string DataDirectory { get; }

    public static async Task<ServerApplication> StartAsync(Action<IDistributedApplicationBuilder> add)
    {
        // Not a private directory of /tmp: started by root, PostgreSQL runs as another user, who must get into it.
        var data = Path.Combine(Path.GetTempPath(), $"ticketing-servers-{Guid.NewGuid():N}");
        Ticketing.AppHost.DataDirectory.Open(data).Dispose();
        var builder = AppHostBuilder.Create("--Parameters:servers=binaries", $"--Parameters:data_dir={data}");
        builder.Services.AddLogging(logging => logging.ClearProviders());
        add(builder);
        foreach (var resource in builder.Resources)
        {
            foreach (var restart in resource.Annotations.OfType<RestartAnnotation>().ToList())
                resource.Annotations.Remove(restart);
        }

        var started = new ServerApplication(builder.Build(), data);
        try
        {
            await started.application.StartAsync();
            foreach (var server in started.Servers)
                await started.IsHealthyAsync(server.Name);
            return started;
        }
        catch (Exception)
        {
            await started.DisposeAsync();
            throw;
        }
    }

    private IEnumerable<IResource> Servers =>
        application.Services.GetRequiredService<DistributedApplicationModel>().Resources.Where(resource => resource is LocalServerResource);

    /// <summary>The superuser's connection string.</summary>
    public async Task<string> ConnectionStringAsync(string name) => (await application.GetConnectionStringAsync(name))!;

    /// <summary>The address of an endpoint.</summary>
    public Uri AddressOf(string name, string endpoint) => application.GetEndpoint(name, endpoint);

    public int ProcessOf(string name) =>
        application.ResourceNotifications.TryGetCurrentState(name, out var current)
        && current.Snapshot.ProcessId() is { } pid
            ? pid
            : throw new InvalidOperationException($"{name} does not run.");

    public async Task EndAsync(string name, Signal signal)
    {
        var tree = ProcessIdentity.Of(ProcessOf(name)) is { } process ? process.Tree() : [];
        tree[0].Send(signal);
        // A server's own processes end with it, but not at once.
        await Eventually.HoldsAsync(() => Task.FromResult(tree.All(process => !process.IsAlive)), $"{name} has ended");
        await application.ResourceNotifications.WaitForResourceAsync(name, KnownResourceStates.TerminalStates).WaitAsync(Patience);
    }

    public async Task StartAsync(string name)
    {
        (await application.ResourceCommands.ExecuteCommandAsync(name, KnownResourceCommands.StartCommand)).Success.ShouldBeTrue();
        await IsHealthyAsync(name);
    }

    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync();
        if (Directory.Exists(DataDirectory))
            Directory.Delete(DataDirectory, recursive: true);
    }

    private Task<ResourceEvent> IsHealthyAsync(string name) =>
        application.ResourceNotifications.WaitForResourceHealthyAsync(name, WaitBehavior.WaitOnResourceUnavailable).WaitAsync(Patience);
}
