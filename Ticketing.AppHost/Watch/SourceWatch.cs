using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ticketing.AppHost.Supervision;

namespace Ticketing.AppHost.Watch;

/// <summary>
/// Rebuilds each project whose files change, and starts it again; the others run on. Aspire's <c>rebuild</c> stops the process
/// before it builds, so whether the project can be built is tried first: while it cannot, what ran before runs on.
/// </summary>
internal sealed partial class SourceWatch(
    DistributedApplicationModel model, ResourceCommandService commands, ResourceLoggerService loggers, IHostApplicationLifetime lifetime)
{
    /// <summary>An editor writes several files at once, or one in several steps.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(0.3);

    private readonly Channel<string> changes = Channel.CreateBounded<string>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Watches the sources of all projects, with <c>Parameters:watch</c> set to <c>on</c>.</summary>
    public static void Add(IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsPublishMode || builder.Setting("watch", "off") != "on")
            return;
        builder.Services.AddSingleton<SourceWatch>();
        builder.Eventing.Subscribe<AfterResourcesCreatedEvent>((created, cancellationToken) =>
        {
            _ = created.Services.GetRequiredService<SourceWatch>().RunAsync();
            return Task.CompletedTask;
        });
    }

    private async Task RunAsync()
    {
        var stopping = lifetime.ApplicationStopping;
        var sources = model.Resources.OfType<ProjectResource>()
            .ToDictionary(project => project, project => SourceFiles.DirectoriesOf(project.GetProjectMetadata().ProjectPath));
        var watchers = sources.Values.SelectMany(directories => directories).Distinct().Select(Watch).ToList();
        try
        {
            while (await changes.Reader.WaitToReadAsync(stopping))
            {
                await Task.Delay(Settling, stopping);
                var changed = new HashSet<string>();
                while (changes.Reader.TryRead(out var path))
                    changed.Add(path);
                foreach (var (project, directories) in sources.Where(project => changed.Any(path => IsIn(project.Value, path))))
                    await RenewAsync(project, stopping);
            }
        }
        finally
        {
            watchers.ForEach(watcher => watcher.Dispose());
        }
    }

    private FileSystemWatcher Watch(string directory)
    {
        var watcher = new FileSystemWatcher(directory) { IncludeSubdirectories = true };
        watcher.Changed += (_, change) => Note(change.FullPath);
        watcher.Created += (_, change) => Note(change.FullPath);
        watcher.Deleted += (_, change) => Note(change.FullPath);
        watcher.Renamed += (_, change) => Note(change.FullPath);
        watcher.EnableRaisingEvents = true;
        return watcher;

        void Note(string path)
        {
            if (SourceFiles.IsSource(path))
                changes.Writer.TryWrite(path);
        }
    }

    private static bool IsIn(IReadOnlySet<string> directories, string path) =>
        directories.Any(directory => path.StartsWith(directory + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    private async Task RenewAsync(ProjectResource project, CancellationToken stopping)
    {
        var logger = loggers.GetLogger(project);
        LogChanged(logger);
        if (await TryBuildAsync(project.GetProjectMetadata().ProjectPath, stopping) is { Length: > 0 } errors)
        {
            LogNotBuilt(logger, errors);
            return;
        }
        var result = await commands.ExecuteCommandAsync(project, KnownResourceCommands.RebuildCommand, stopping);
        if (!result.Success)
            LogNotBuilt(logger, result.Message);
    }

    /// <summary>
    /// Builds a project, but not in place: that would write over files that the running process has mapped. What it compiles is
    /// used by the build in place that follows.
    /// </summary>
    /// <returns>The errors; empty if it was built.</returns>
    private static async Task<string> TryBuildAsync(string project, CancellationToken cancellationToken)
    {
        var output = Directory.CreateTempSubdirectory("ticketing-build-");
        try
        {
            using var build = Process.Start(new ProcessStartInfo("dotnet",
            [
                "build", project, "--configuration", DirectStart.Configuration,
                "--no-restore", "--nologo", "--verbosity", "quiet", "-consoleLoggerParameters:NoSummary", $"-property:OutDir={output.FullName}/",
            ])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            try
            {
                var errors = build.StandardError.ReadToEndAsync(cancellationToken);
                var text = await build.StandardOutput.ReadToEndAsync(cancellationToken);
                await build.WaitForExitAsync(cancellationToken);
                return build.ExitCode == 0 ? "" : $"{text}{await errors}".Trim() is { Length: > 0 } said ? said : "The build failed.";
            }
            finally
            {
                if (!build.HasExited)
                    build.Kill(entireProcessTree: true);
            }
        }
        finally
        {
            output.Delete(recursive: true);
        }
    }

    [LoggerMessage(LogLevel.Information, "The source has changed: building …")]
    private static partial void LogChanged(ILogger logger);

    [LoggerMessage(LogLevel.Error, "Not built; what ran before runs on. {Errors}")]
    private static partial void LogNotBuilt(ILogger logger, string? errors);
}
