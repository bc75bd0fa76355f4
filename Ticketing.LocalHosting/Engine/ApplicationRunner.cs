using System.Diagnostics;

namespace Ticketing.LocalHosting.Engine;

/// <summary>Starts everything in the order of its dependencies, keeps it alive, and stops it in the reverse order.</summary>
internal sealed class ApplicationRunner(ApplicationModel model, DataDirectory data, ConsoleLog log) : IDisposable
{
    // In all at most 15 s, of which the last second is for killing what did not stop.
    private static readonly TimeSpan ProjectsStopWithin = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan ServersStopWithin = TimeSpan.FromSeconds(14);

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private readonly Dictionary<IResource, Task> ready = [];
    private readonly SemaphoreSlim scaling = new(1);
    private readonly List<Task> added = [];
    private CancellationToken stopped;

    public IReadOnlyList<ResourceInstance> Instances { get; private set; } = [];

    public ApplicationModel Model => model;

    /// <summary>An instance came, went or changed.</summary>
    public ChangeSignal Changes { get; } = new();

    /// <summary>Where the projects send their telemetry.</summary>
    public TelemetryTarget? Telemetry { get; init; }

    /// <summary>Said with the other addresses when everything is up.</summary>
    public string Dashboard { get; init; } = "";

    /// <summary>
    /// Runs until <paramref name="stopping"/>, or until something fails that cannot be mended by trying again.
    /// </summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var needed = model.Needed();
        Ports.Allocate(needed);
        Instances = [.. needed.SelectMany(CreateInstances)];
        Changes.Set();

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        stopped = stop.Token;
        foreach (var resource in DependencyOrder(needed))
            ready[resource] = ReadyAsync(resource, stop.Token);
        List<Task> running = [.. Instances.Select(instance => RunAsync(instance, stop.Token)), .. ready.Values, SayReadyAsync()];
        try
        {
            while (running.Count > 0)
            {
                var ended = await Task.WhenAny(running);
                running.Remove(ended);
                await ended;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await scaling.WaitAsync(CancellationToken.None);
            await Task.WhenAll([.. running, .. added]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await StopAsync();
        }
    }

    /// <summary>
    /// Runs as many replicas of a project as the developer wants. Who refers to it learns of their addresses when it is
    /// started again.
    /// </summary>
    /// <param name="project">A project of the running application.</param>
    /// <param name="replicas">At least 1.</param>
    /// <param name="cancellationToken">Gives up the wait for what is under way.</param>
    public async Task ScaleAsync(ProjectResource project, int replicas, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopped);
        await scaling.WaitAsync(either.Token);
        try
        {
            List<ResourceInstance> present = [.. InstancesOf(project)];
            foreach (var superfluous in present.Skip(replicas))
                superfluous.Remove();
            // What is to go stays in the list until it is gone, so that it is stopped if the application stops.
            await Task.WhenAll(present.Skip(replicas).Select(instance => instance.Gone)).WaitAsync(stopped);

            Ports.Scale(project, replicas);
            List<ResourceInstance> wanted = [.. present.Take(replicas)];
            for (var replica = wanted.Count; replica < replicas; replica++)
            {
                var instance = Watched(new ProjectInstance(project, replica, data, log, http, Telemetry));
                wanted.Add(instance);
                added.Add(RunAsync(instance, stopped, added: true));
            }

            var at = Instances.TakeWhile(instance => instance.Resource != project).Count();
            List<ResourceInstance> others = [.. Instances.Where(instance => instance.Resource != project)];
            Instances = [.. others.Take(at), .. wanted, .. others.Skip(at)];
            Changes.Set();
        }
        finally
        {
            scaling.Release();
        }
    }

    public void Dispose()
    {
        http.Dispose();
        scaling.Dispose();
    }

    private IEnumerable<ResourceInstance> CreateInstances(IResource resource) => (resource switch
    {
        ServerResource server when server.ExternalConnectionString() is not null => [new ExternalServerInstance(server, log)],
        ServerResource server => [new ServerInstance(server, data, log)],
        ProjectResource project => Enumerable.Range(0, Ports.ReplicasOf(project))
            .Select(ResourceInstance (replica) => new ProjectInstance(project, replica, data, log, http, Telemetry)),
        _ => Enumerable.Empty<ResourceInstance>(),
    }).Select(Watched);

    private ResourceInstance Watched(ResourceInstance instance)
    {
        instance.Changed += Changes.Set;
        return instance;
    }

    private async Task RunAsync(ResourceInstance instance, CancellationToken stopping, bool added = false)
    {
        foreach (var dependency in ApplicationModel.WaitsOf(instance.Resource))
            await ready.GetValueOrDefault(dependency, Task.CompletedTask).WaitAsync(stopping);
        await instance.RunAsync(stopping, added);
    }

    private IEnumerable<ResourceInstance> InstancesOf(IResource resource) => Instances.Where(instance => instance.Resource == resource);

    /// <summary>All replicas are healthy, and what was to be done then is done.</summary>
    private async Task ReadyAsync(IResource resource, CancellationToken stopping)
    {
        await Task.WhenAll(InstancesOf(resource).Select(instance => instance.FirstHealthy)).WaitAsync(stopping);
        foreach (var step in resource.Annotations.OfType<ReadyAnnotation>())
            await step.Callback(new(resource), stopping);
    }

    private async Task SayReadyAsync()
    {
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(ready.Values);
        log.Say($"Everything is up after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s. Ctrl-C stops it.");
        foreach (var resource in model.Resources)
        {
            foreach (var endpoint in resource.Endpoints().Where(endpoint => endpoint.IsExternal))
                log.Say($"{resource.Name,-10} {ProjectEnvironment.Url(endpoint, 0)}");
        }

        log.Say($"dashboard  {Dashboard}");
    }

    private async Task StopAsync()
    {
        log.Say("Stopping …");
        var started = Stopwatch.GetTimestamp();
        var stops = new Dictionary<IResource, Task>();
        var resources = Instances.Select(instance => instance.Resource).Distinct().ToList();
        foreach (var resource in Enumerable.Reverse(DependencyOrder(resources)))
        {
            var dependents = stops.Where(other => ApplicationModel.WaitsOf(other.Key).Contains(resource));
            stops[resource] = StopAsync(resource, [.. dependents.Select(other => other.Value)], started);
        }

        await Task.WhenAll(stops.Values);
        log.Say($"Stopped in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s.");
    }

    private async Task StopAsync(IResource resource, List<Task> dependents, long started)
    {
        await Task.WhenAll(dependents);
        var within = (resource is ProjectResource ? ProjectsStopWithin : ServersStopWithin) - Stopwatch.GetElapsedTime(started);
        var grace = within > TimeSpan.Zero ? within : TimeSpan.Zero;
        await Task.WhenAll(InstancesOf(resource).Select(instance => instance.StopAsync(grace)));
    }

    /// <summary>Every resource after those that it waits for.</summary>
    /// <exception cref="InvalidOperationException">Resources wait for each other in a circle.</exception>
    private static List<IResource> DependencyOrder(IReadOnlyList<IResource> resources)
    {
        var ordered = new List<IResource>();
        while (ordered.Count < resources.Count)
        {
            var left = resources.Except(ordered).ToList();
            var next = left.FindAll(resource => ApplicationModel.WaitsOf(resource).Intersect(resources).All(ordered.Contains));
            if (next.Count == 0)
                throw new InvalidOperationException($"They wait for each other: {string.Join(", ", left.Select(resource => resource.Name))}");
            ordered.AddRange(next);
        }

        return ordered;
    }
}
