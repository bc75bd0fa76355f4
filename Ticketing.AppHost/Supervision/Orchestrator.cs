using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ticketing.AppHost.Supervision;

/// <summary>Aspire's orchestrator (dcp), whose processes end a little later than Aspire's host returns.</summary>
internal static class Orchestrator
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs the application, and returns when no process of it is left.</summary>
    public static void RunToTheEnd(this DistributedApplication application)
    {
        IReadOnlyList<string> processes = [];
        application.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => processes = Processes());
        application.Run();
        var end = TimeProvider.System.GetUtcNow() + EndPatience;
        while (processes.Any(Directory.Exists) && TimeProvider.System.GetUtcNow() < end)
            Task.Delay(PollInterval).GetAwaiter().GetResult();
    }

    /// <summary>
    /// The directories in <c>/proc</c> of <c>dcp start-apiserver --monitor PID --detach --kubeconfig FILE</c>, where PID is this
    /// process, of all others that were given this FILE, and of everything below them.
    /// </summary>
    private static List<string> Processes()
    {
        if (!OperatingSystem.IsLinux())
            return [];
        var all = Directory.GetDirectories("/proc").Where(directory => int.TryParse(Path.GetFileName(directory), out _))
            .Select(directory => (Directory: directory, Parent: $"/proc/{ParentOf(directory)}", Words: Read(directory, "cmdline").Split('\0'))).ToList();
        var self = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var file = all.FirstOrDefault(process => process.Words?.Contains("--monitor") is true && process.Words.Contains(self)).Words?
            .SkipWhile(word => word != "--kubeconfig").ElementAtOrDefault(1);
        if (file is null)
            return [];
        var found = all.Where(process => process.Words.Contains(file)).Select(process => process.Directory).ToList();
        for (var index = 0; index < found.Count; index++)
            found.AddRange(all.Where(process => process.Parent == found[index] && !found.Contains(process.Directory)).Select(process => process.Directory).ToList());
        return found;
    }

    /// <summary><c>PID (name, which may hold spaces and parentheses) STATE PARENT …</c>, see proc(5).</summary>
    private static string? ParentOf(string directory) =>
        Read(directory, "stat") is { Length: > 0 } stat ? stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] : null;

    private static string Read(string directory, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directory, file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is somebody else's.
            return "";
        }
    }
}
