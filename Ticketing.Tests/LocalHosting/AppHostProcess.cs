using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using Shouldly;
using Ticketing.LocalHosting.Dashboard;
using Ticketing.LocalHosting.Processes;
using Ticketing.LocalHosting.Servers;
using Ticketing.Tests.Infrastructure;

namespace Ticketing.Tests.LocalHosting;

/// <summary>The whole platform, run as people run it, on ports of its own.</summary>
internal sealed class AppHostProcess : IDisposable
{
    private readonly Process process;
    // For a machine that other tests keep busy.
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly int webPort = FreePort.Next();
    private readonly int dashboardPort = FreePort.Next();

    private AppHostProcess(string data, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [TestApplication.BuiltProgram("Ticketing.AppHost")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["Parameters__data_dir"] = data;
        start.Environment["Parameters__web_port"] = $"{webPort}";
        start.Environment["Parameters__dashboard_port"] = $"{dashboardPort}";
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => Output.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public ConcurrentQueue<string> Output { get; } = [];

    public Uri Site => new($"http://localhost:{webPort}");

    /// <summary>Starts it and waits until the site says that everything is up.</summary>
    public static async Task<AppHostProcess> StartAsync(string data, IReadOnlyDictionary<string, string> settings)
    {
        var started = new AppHostProcess(data, settings);
        try
        {
            await Eventually.HoldsAsync(started.IsHealthyAsync, "the platform is up", TimeSpan.FromMinutes(3));
            return started;
        }
        catch (Exception exception)
        {
            started.process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"The platform did not start:\n{string.Join('\n', started.Output)}", exception);
        }
    }

    /// <summary>A row of <c>GET /api/resources</c>.</summary>
    public async Task<ResourceRow> ResourceAsync(string name) => (await ResourcesAsync()).Single(row => row.Name == name);

    public async Task<IReadOnlyList<ResourceRow>> ResourcesAsync() =>
        (await http.GetFromJsonAsync<List<ResourceRow>>($"http://localhost:{dashboardPort}/api/resources"))!;

    /// <summary>The AppHost and everything that it started, now.</summary>
    public IReadOnlyList<ProcessIdentity> Tree() => ProcessIdentity.Of(process.Id)!.Value.Tree();

    /// <summary>Sends a signal and waits for the end; gives the exit code.</summary>
    public async Task<int> EndAsync(Signal signal)
    {
        Posix.Kill(process.Id, signal);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.Dispose();
        http.Dispose();
    }

    private async Task<bool> IsHealthyAsync()
    {
        process.HasExited.ShouldBeFalse();
        try
        {
            using var response = await http.GetAsync(new Uri(Site, "/health"));
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
