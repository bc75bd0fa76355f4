using System.Collections.Concurrent;
using System.Diagnostics;
using Ticketing.AppHost.Processes;
using Ticketing.AppHost.Supervision;

namespace Ticketing.Reliability;

/// <summary>The AppHost as people run it: a process of its own, with the dashboard, on free ports.</summary>
internal sealed class AppHostProcess : IDisposable
{
    private const int LinesKept = 20_000;
    // For a machine that other tests keep busy.
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan StopPatience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly Process process;
    // For a machine that other tests keep busy.
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly int webPort = FreePort.Next();

    private AppHostProcess(string data, IReadOnlyDictionary<string, string> environment, IEnumerable<string> arguments)
    {
        // .../PROJECT/bin/CONFIGURATION/FRAMEWORK/: the AppHost was built together with this program, in the same way.
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var root = framework.Parent!.Parent!.Parent!.Parent!.FullName;
        var program = Path.Combine(root, "Ticketing.AppHost", "bin", framework.Parent.Name, framework.Name, "Ticketing.AppHost.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["Parameters__servers"] = "binaries";
        start.Environment["Parameters__data_dir"] = data;
        start.Environment["Parameters__web_port"] = $"{webPort}";
        start.Environment["Parameters__dashboard_port"] = $"{FreePort.Next()}";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    /// <summary>What it wrote.</summary>
    public ConcurrentQueue<string> Output { get; } = [];

    /// <summary>The public origin.</summary>
    public Uri Site => new($"http://localhost:{webPort}");

    /// <summary>Starts it and waits until the site says that everything is up.</summary>
    /// <param name="data">The data directory, which need not be there yet.</param>
    /// <param name="environment">Settings, as variables of its environment.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task<AppHostProcess> StartAsync(string data, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken) =>
        StartGate.StartAsync(() => StartNowAsync(data, environment, cancellationToken), cancellationToken);

    private static async Task<AppHostProcess> StartNowAsync(string data, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var started = new AppHostProcess(data, environment, []);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(StartPatience);
            while (!await started.IsHealthyAsync(patience.Token))
            {
                if (started.process.HasExited)
                    throw new InvalidOperationException("It has ended.");
                await Task.Delay(PollInterval, patience.Token);
            }
            return started;
        }
        catch (Exception exception)
        {
            started.Dispose();
            throw new InvalidOperationException($"The platform did not start:\n{string.Join('\n', started.Output.TakeLast(30))}", exception);
        }
    }

    /// <summary>Runs it to its end, which is near; gives the exit code and what it wrote.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string data, params string[] arguments)
    {
        using var run = new AppHostProcess(data, new Dictionary<string, string>(), arguments);
        await run.process.WaitForExitAsync().WaitAsync(StopPatience);
        return (run.process.ExitCode, string.Join('\n', run.Output).Trim());
    }

    /// <summary>The AppHost and all that it started, now: the orchestrator with the servers, the services and the dashboard.</summary>
    public IReadOnlyList<ProcessIdentity> Processes() =>
        [.. ProcessIdentity.Of(process.Id)!.Value.Tree().Concat(Orchestrator.ProcessesOf(process.Id)).Distinct()];

    /// <summary>Sends a signal and waits for the end; gives the exit code.</summary>
    public async Task<int> EndAsync(Signal signal)
    {
        Posix.Kill(process.Id, signal);
        await process.WaitForExitAsync().WaitAsync(StopPatience);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
        http.Dispose();
    }

    private async Task<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(Site, "/health"), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        Output.Enqueue(line ?? "");
        if (Output.Count > LinesKept)
            Output.TryDequeue(out _);
    }
}
