using System.Collections.Concurrent;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ticketing.AppHost.Supervision;

namespace Ticketing.Reliability;

/// <summary>A platform of one's own: the AppHost hosted in this process, on free ports, with data of its own; its services and servers are processes.</summary>
internal sealed class HostedPlatform : IAsyncDisposable
{
    private const int LinesKept = 20_000;
    // For a machine that other tests keep busy.
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(6);

    private readonly DistributedApplication application;
    private readonly RecentLines lines;
    private readonly HostingOptions options;
    private readonly string data;
    private readonly HashSet<string> names;
    private readonly ConcurrentDictionary<string, ResourceInstance> instances = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Task watching;
    private Platform? platform;

    private HostedPlatform(DistributedApplication application, RecentLines lines, HostingOptions options, string data)
    {
        (this.application, this.lines, this.options, this.data) = (application, lines, options, data);
        names = [.. application.Services.GetRequiredService<DistributedApplicationModel>().Resources
            .Where(resource => resource.HasAnnotationOfType<RestartAnnotation>()).Select(resource => resource.Name)];
        watching = WatchAsync();
    }

    /// <summary>What runs on it, with its addresses.</summary>
    public Platform Platform => platform!;

    /// <summary>The dashboard's address; only with <see cref="HostingOptions.WithDashboard"/>.</summary>
    public Uri Dashboard => application.GetEndpoint("aspire-dashboard");

    /// <summary>The last lines of all processes and of the AppHost.</summary>
    public IEnumerable<string> Output => lines;

    /// <summary>The processes of services and servers now.</summary>
    public IReadOnlyList<ResourceInstance> Instances => [.. instances.Values.Where(instance => names.Contains(instance.Name))];

    /// <summary>Starts it and waits until all of it is up.</summary>
    public static Task<HostedPlatform> StartAsync(HostingOptions options, CancellationToken cancellationToken) =>
        StartGate.StartAsync(() => StartNowAsync(options, cancellationToken), cancellationToken);

    private static async Task<HostedPlatform> StartNowAsync(HostingOptions options, CancellationToken cancellationToken)
    {
        // Not a private directory of /tmp: started by root, PostgreSQL runs as another user, who must get into it.
        var data = options.KeptData ?? Path.Combine(Path.GetTempPath(), $"ticketing-platform-{Guid.NewGuid():N}");
        var settings = new Dictionary<string, string>
        {
            ["Parameters:servers"] = "binaries",
            ["Parameters:data_dir"] = data,
            ["Parameters:web_port"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in options.Settings)
            settings[name] = value;
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Ticketing_AppHost>(
            [.. settings.Select(setting => $"--{setting.Key}={setting.Value}")], (application, _) => application.DisableDashboard = !options.WithDashboard, cancellationToken);
        var lines = new RecentLines(LinesKept);
        builder.Services.AddLogging(logging => logging.ClearProviders().AddProvider(lines).SetMinimumLevel(LogLevel.Information));
        foreach (var project in builder.Resources.OfType<ProjectResource>().ToList())
        {
            foreach (var (name, value) in options.ServiceEnvironment)
                builder.CreateResourceBuilder(project).WithEnvironment(name, value);
        }

        var started = new HostedPlatform(await builder.BuildAsync(cancellationToken), lines, options, data);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(StartPatience);
            await started.application.StartAsync(patience.Token);
            started.platform = new(await started.AddressesAsync(patience.Token), started);
            await started.platform.IsWholeAsync(new HashSet<int>(), patience.Token);
            return started;
        }
        catch (Exception exception)
        {
            await started.DisposeAsync();
            throw new InvalidOperationException($"The platform did not start:\n{string.Join('\n', lines.TakeLast(30))}", exception);
        }
    }

    /// <summary>The processes that serve a resource now.</summary>
    public IReadOnlyList<int> ProcessesOf(string name) =>
        [.. Instances.Where(instance => instance.Name == name).Select(instance => instance.Pid).OfType<int>()];

    /// <summary>The processes of one resource now.</summary>
    public IReadOnlyList<ResourceInstance> InstancesOf(string name) => [.. instances.Values.Where(instance => instance.Name == name)];

    /// <summary>A service's address, as other services are given it.</summary>
    public Uri AddressOf(string name) => application.GetEndpoint(name, "http");

    /// <summary>Runs a command of the dashboard.</summary>
    /// <param name="instance">The resource's name, or one of its instances' ids.</param>
    /// <param name="command">The command's name, e.g. <c>stop</c>.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    public Task<ExecuteCommandResult> CommandAsync(string instance, string command, CancellationToken cancellationToken) =>
        application.ResourceCommands.ExecuteCommandAsync(instance, command, cancellationToken);

    /// <summary>A generated secret of the platform.</summary>
    public string Secret(string name) => File.ReadAllText(Path.Combine(data, "secrets", name));

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (platform is not null)
            await platform.DisposeAsync();
        await application.DisposeAsync();
        stop.Dispose();
        lines.Dispose();
        if (options.KeptData is null && Directory.Exists(data))
            Directory.Delete(data, recursive: true);
    }

    private async Task<PlatformAddresses> AddressesAsync(CancellationToken cancellationToken) => new(
        AddressOf("web"), AddressOf("payments"), AddressOf("stripe"), Secret("sandbox-secret-key"), Secret("sandbox-webhook-secret"),
        new(await ConnectionStringAsync("postgres", cancellationToken)), await ConnectionStringAsync("redis", cancellationToken),
        new(await ConnectionStringAsync("rabbitmq", cancellationToken)));

    private async Task<string> ConnectionStringAsync(string name, CancellationToken cancellationToken) =>
        (await application.GetConnectionStringAsync(name, cancellationToken))!;

    private async Task WatchAsync()
    {
        await foreach (var change in application.ResourceNotifications.WatchAsync(stop.Token))
        {
            var (name, snapshot) = (change.Resource.Name, change.Snapshot);
            var state = snapshot.State?.Text;
            var pid = state == KnownResourceStates.Running ? snapshot.ProcessId() : null;
            var urls = change.Resource is ProjectResource
                ? snapshot.EnvironmentVariables.FirstOrDefault(variable => variable.Name == "ASPNETCORE_URLS")?.Value
                : null;
            instances[change.ResourceId] = new(name, change.ResourceId, state, pid, string.IsNullOrEmpty(urls) ? null : new Uri(urls));
        }
    }
}
