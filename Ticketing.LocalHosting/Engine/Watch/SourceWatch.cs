using System.Threading.Channels;

namespace Ticketing.LocalHosting.Engine.Watch;

/// <summary>
/// Builds each project anew whose files change, and starts it again; the others run on. While a build fails, what ran before
/// runs on too.
/// </summary>
internal sealed class SourceWatch : IDisposable
{
    /// <summary>An editor writes several files at once, or one in several steps.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(0.3);

    private readonly Channel<string> changes = Channel.CreateBounded<string>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Dictionary<ProjectResource, IReadOnlySet<string>> sources;
    private readonly Dictionary<ProjectResource, string> superseded = [];
    private readonly List<FileSystemWatcher> watchers = [];
    private readonly ApplicationRunner runner;
    private readonly ConsoleLog log;
    private readonly string builds;
    private int number;

    /// <param name="runner">The running application.</param>
    /// <param name="builds">A directory for what is built.</param>
    /// <param name="log">Where it says what it does.</param>
    public SourceWatch(ApplicationRunner runner, string builds, ConsoleLog log)
    {
        (this.runner, this.builds, this.log) = (runner, builds, log);
        if (Directory.Exists(builds))
            Directory.Delete(builds, recursive: true);
        sources = runner.Model.Resources.OfType<ProjectResource>().ToDictionary(project => project, project => SourceFiles.DirectoriesOf(project.ProjectPath));
        foreach (var directory in sources.Values.SelectMany(directories => directories).Distinct())
        {
            var watcher = new FileSystemWatcher(directory) { IncludeSubdirectories = true };
            watcher.Changed += (_, change) => Note(change.FullPath);
            watcher.Created += (_, change) => Note(change.FullPath);
            watcher.Deleted += (_, change) => Note(change.FullPath);
            watcher.Renamed += (_, change) => Note(change.FullPath);
            watcher.EnableRaisingEvents = true;
            watchers.Add(watcher);
        }
    }

    /// <summary>Runs until <paramref name="stopping"/>.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        log.Say($"Watching the sources of {string.Join(", ", sources.Keys.Select(project => project.Name))}.");
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

    public void Dispose()
    {
        foreach (var watcher in watchers)
            watcher.Dispose();
    }

    private void Note(string path)
    {
        if (SourceFiles.IsSource(path))
            changes.Writer.TryWrite(path);
    }

    private static bool IsIn(IReadOnlySet<string> directories, string path) =>
        directories.Any(directory => path.StartsWith(directory + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    private async Task RenewAsync(ProjectResource project, CancellationToken stopping)
    {
        log.Write(project.Name, "Its source has changed: building …");
        var output = Path.Combine(builds, $"{project.Name}-{++number}");
        var errors = await ProjectBuild.RunAsync(project.ProjectPath, output, stopping);
        if (errors.Count > 0)
        {
            foreach (var error in errors)
                log.Write(project.Name, error);
            log.Write(project.Name, "Not built; what ran before runs on.");
            return;
        }

        // The process that is to stop may still read from where it ran; what was before that is not needed any more.
        if (superseded.Remove(project, out var old))
            Directory.Delete(old, recursive: true);
        if (project.Output is { } before)
            superseded.Add(project, before);
        project.Output = output;
        foreach (var instance in runner.Instances.Where(instance => instance.Resource == project))
            instance.Restart();
        log.Write(project.Name, "Built and started again.");
    }
}
