using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ticketing.AppHost.Processes;

namespace Ticketing.AppHost.Supervision;

/// <summary>Aspire's orchestrator (dcp), whose processes end a little later than Aspire's host returns.</summary>
internal static class Orchestrator
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs the application, and returns when no process of it is left.</summary>
    public static void RunToTheEnd(this DistributedApplication application)
    {
        IReadOnlyList<ProcessIdentity> processes = [];
        application.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping
            .Register(() => processes = OperatingSystem.IsLinux() ? ProcessesOf(Environment.ProcessId) : []);
        application.Run();
        var end = TimeProvider.System.GetUtcNow() + EndPatience;
        while (processes.Any(process => process.IsAlive) && TimeProvider.System.GetUtcNow() < end)
            Task.Delay(PollInterval).GetAwaiter().GetResult();
    }

    /// <summary>
    /// The orchestrator of an AppHost and everything below it: <c>dcp start-apiserver --monitor PID --detach --kubeconfig FILE</c>,
    /// where PID is the AppHost, which is not its parent, and all others that were given this FILE.
    /// </summary>
    public static IReadOnlyList<ProcessIdentity> ProcessesOf(int appHost)
    {
        var all = ProcessIdentity.All().Select(process => (Process: process, Words: process.CommandLine)).ToList();
        var pid = appHost.ToString(CultureInfo.InvariantCulture);
        var file = all.FirstOrDefault(process => process.Words.Contains("--monitor") && process.Words.Contains(pid)).Words?
            .SkipWhile(word => word != "--kubeconfig").ElementAtOrDefault(1);
        return file is null ? [] : [.. all.Where(process => process.Words.Contains(file)).SelectMany(process => process.Process.Tree()).Distinct()];
    }
}
