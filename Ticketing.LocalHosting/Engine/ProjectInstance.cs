using Ticketing.LocalHosting.Engine.Watch;
using Ticketing.LocalHosting.Processes;

namespace Ticketing.LocalHosting.Engine;

/// <summary>One replica of a project, run from its built output.</summary>
internal sealed class ProjectInstance(
    ProjectResource project, int replica, DataDirectory data, ConsoleLog log, HttpClient http, TelemetryTarget? telemetry)
    : ResourceInstance(replica == 0 ? project.Name : $"{project.Name}-{replica + 1}", "project", project, log)
{
    private ChildProcess? process;
    private IReadOnlyDictionary<string, string?> environment = new Dictionary<string, string?>();

    public override IReadOnlyDictionary<string, string?> Environment => environment;

    public override int? ProcessId => process is { Exited.IsCompleted: false } running ? running.Identity.Pid : null;

    public override IReadOnlyList<string> Endpoints =>
        [.. project.Endpoints().Select(endpoint => ProjectEnvironment.Url(endpoint, replica))];

    protected override Task<int> Exited => process?.Exited ?? Task.FromResult(0);

    private string Assembly => Path.GetFileNameWithoutExtension(project.ProjectPath) + ".dll";

    private string ProjectDirectory => Path.GetDirectoryName(project.ProjectPath)!;

    /// <summary>What a process would be given now; addresses change when others are scaled.</summary>
    public async Task<IReadOnlyDictionary<string, string?>> NextEnvironmentAsync(CancellationToken cancellationToken) =>
        await ProjectEnvironment.CreateAsync(project, Name, replica, telemetry, cancellationToken);

    protected override async Task StartAsync(CancellationToken cancellationToken)
    {
        environment = await NextEnvironmentAsync(cancellationToken);
        process?.Dispose();
        process = await ChildProcess.StartAsync(new(ProjectBuild.DotnetHost, ["exec", BuiltAssembly(), .. project.Arguments()])
        {
            Name = Name,
            WorkingDirectory = ProjectDirectory,
            Environment = environment,
            Log = line => Log.Write(Name, line),
            Ledger = data.Ledger,
        });
    }

    protected override async Task<ResourceHealth> ProbeAsync(CancellationToken cancellationToken)
    {
        if (project.Annotations.OfType<HttpHealthCheckAnnotation>().FirstOrDefault() is not { } check)
            return ResourceHealth.Healthy;
        try
        {
            using var response = await http.GetAsync(new Uri(new Uri(Endpoints[0]), check.Path), cancellationToken);
            if (!response.IsSuccessStatusCode)
                return ResourceHealth.Unhealthy;
            // ASP.NET Core answers 200 for a degraded service too, and says so in the body.
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            return body.Contains("Degraded", StringComparison.Ordinal) ? ResourceHealth.Degraded : ResourceHealth.Healthy;
        }
        catch (HttpRequestException)
        {
            return ResourceHealth.Unhealthy;
        }
    }

    protected override Task StopProcessAsync(TimeSpan grace) => process?.StopAsync(grace) ?? Task.CompletedTask;

    /// <summary>The project is built as the AppHost was: in the same configuration and for the same framework.</summary>
    private string BuiltAssembly()
    {
        var output = AppContext.BaseDirectory;
        var bin = output.LastIndexOf("/bin/", StringComparison.Ordinal);
        var assembly = Path.Combine(project.Output ?? Path.Combine(ProjectDirectory, bin < 0 ? "" : output[(bin + 1)..]), Assembly);
        return File.Exists(assembly) ? assembly : throw new LocalHostingException($"""
            {Name} is not built: there is no {assembly}
            Build it with: dotnet build {project.ProjectPath}
            """);
    }
}
