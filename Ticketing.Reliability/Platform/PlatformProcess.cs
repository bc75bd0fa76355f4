using System.Collections.Concurrent;
using System.Diagnostics;
using Ticketing.LocalHosting.Processes;
using Ticketing.LocalHosting.Servers;

namespace Ticketing.Reliability;

/// <summary>A platform of one's own, run as people run it: the AppHost's process, on free ports, with data of its own.</summary>
internal sealed class PlatformProcess : IAsyncDisposable
{
    private const int LinesKept = 20_000;
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    private readonly Process process;
    private readonly string data;
    private readonly bool isKept;
    private readonly ConcurrentQueue<string> output = [];

    private PlatformProcess(IReadOnlyDictionary<string, string> settings, string? keptData)
    {
        (data, isKept) = (keptData ?? Path.Combine(Path.GetTempPath(), $"ticketing-reliability-{Guid.NewGuid():N}"), keptData is not null);
        var (webPort, dashboardPort) = (FreePort.Next(), FreePort.Next());
        Dashboard = new($"http://localhost:{dashboardPort}");

        // .../PROJECT/bin/CONFIGURATION/FRAMEWORK/: the AppHost was built together with this program, in the same way.
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var root = framework.Parent!.Parent!.Parent!.Parent!.FullName;
        var start = new ProcessStartInfo(
            "dotnet", [Path.Combine(root, "Ticketing.AppHost", "bin", framework.Parent.Name, framework.Name, "Ticketing.AppHost.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // All that is paid during a run is judged at its end, so Stripe's books must not forget any of it.
        start.Environment["Sandbox__KeptPayments"] = "1000000";
        start.Environment["Parameters__data_dir"] = data;
        start.Environment["Parameters__web_port"] = $"{webPort}";
        start.Environment["Parameters__dashboard_port"] = $"{dashboardPort}";
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Dashboard { get; }

    public int Id => process.Id;

    /// <summary>The platform's last lines.</summary>
    public IEnumerable<string> Output => output;

    /// <summary>Starts it and waits until all of it is up.</summary>
    /// <param name="settings">The AppHost's environment.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <param name="keptData">A data directory to keep; null for one of its own, which goes with it.</param>
    public static async Task<(PlatformProcess Process, Platform Platform)> StartAsync(
        IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken, string? keptData = null)
    {
        var started = new PlatformProcess(settings, keptData);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(StartPatience);
            await Platform.IsUpAsync(started.Dashboard, () => started.process.HasExited, patience.Token);
            return (started, await Platform.ConnectAsync(started.Dashboard, started.data, cancellationToken));
        }
        catch (Exception exception)
        {
            var lines = string.Join('\n', started.Output);
            await started.DisposeAsync();
            throw new InvalidOperationException($"The platform did not start:\n{lines}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            Posix.Kill(process.Id, Signal.Terminate);
            await process.WaitForExitAsync().WaitAsync(StopPatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
        process.Dispose();
        if (!isKept && Directory.Exists(data))
            Directory.Delete(data, recursive: true);
    }

    private void Keep(string? line)
    {
        output.Enqueue(line ?? "");
        if (output.Count > LinesKept)
            output.TryDequeue(out _);
    }
}
