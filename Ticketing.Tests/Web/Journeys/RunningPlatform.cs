using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Playwright;
using Ticketing.LocalHosting.Processes;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Web.Journeys;

[CollectionDefinition]
public sealed class JourneyCollection : ICollectionFixture<RunningPlatform>;

/// <summary>
/// The whole platform, started by the command that run.sh ends with, with data and ports of its own, and a browser.
/// </summary>
public sealed class RunningPlatform : IAsyncLifetime
{
    /// <summary>Long enough to get to the payment page on a busy machine, short enough to wait for.</summary>
    public const int HoldSeconds = 15;

    /// <summary>For everything in the browser, in milliseconds: other tests keep the machine busy.</summary>
    private const float Patience = 30_000;

    private const string Chromium = "/usr/bin/chromium";
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);

    // Not a private directory of /tmp: started by root, PostgreSQL runs as another user, who must get into it.
    private readonly string data = Directory.CreateDirectory(
        Path.Combine(Path.GetTempPath(), $"ticketing-journeys-{Guid.NewGuid():N}")).FullName;
    private readonly StringBuilder output = new();
    private Process? appHost;
    private IPlaywright? playwright;
    private IBrowser? browser;

    internal Uri Site { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium))
            throw new InvalidOperationException("The journeys need Chromium: apt-get install chromium (test.sh does it).");
        Site = new($"http://localhost:{FreePort()}");
        StartAppHost();

        using var client = new HttpClient { BaseAddress = Site };
        await Eventually.HoldsAsync(async () =>
        {
            if (appHost!.HasExited)
                throw new InvalidOperationException($"The AppHost ended:\n{Output()}");
            try
            {
                return (await client.GetAsync("/health")).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, "the platform is up", StartPatience);

        playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(Patience);
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--no-first-run",
            ],
        });
    }

    /// <summary>Stops everything as Ctrl-C does, and sees that nothing of it is left.</summary>
    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
        if (appHost is { HasExited: false })
        {
            var processes = ProcessIdentity.Of(appHost.Id)!.Value.Tree();
            Posix.Kill(appHost.Id, Signal.Terminate);
            await appHost.WaitForExitAsync().WaitAsync(StopPatience);
            if (processes.Where(process => process.IsAlive).ToList() is { Count: > 0 } left)
                throw new InvalidOperationException($"Still there after the AppHost ended: {string.Join(", ", left)}\n{Output()}");
        }
        appHost?.Dispose();
        Directory.Delete(data, recursive: true);
    }

    /// <summary>Somebody new at the site, with a browser profile of their own.</summary>
    internal async Task<Visitor> VisitAsync(bool scripts = true, bool sockets = true)
    {
        var context = await browser!.NewContextAsync(new()
        {
            BaseURL = Site.ToString(),
            JavaScriptEnabled = scripts,
            ViewportSize = new() { Width = 1280, Height = 800 },
            TimezoneId = "Europe/Berlin",
            Locale = "en-GB",
        });
        context.SetDefaultTimeout(Patience);
        if (!sockets)
            await context.RouteWebSocketAsync("**/live/hub", socket => _ = socket.CloseAsync());
        return new Visitor(context, await context.NewPageAsync());
    }

    private void StartAppHost()
    {
        // .../Ticketing.Tests/bin/CONFIGURATION/FRAMEWORK/: the AppHost was built with the tests, in the same way.
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var root = framework.Parent!.Parent!.Parent!.Parent!.FullName;
        var program = Path.Combine(root, "Ticketing.AppHost", "bin", framework.Parent.Name, framework.Name, "Ticketing.AppHost.dll");
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                program, $"--Parameters:web_port={Site.Port}", $"--Parameters:dashboard_port={FreePort()}",
                $"--Parameters:data_dir={data}", $"--Parameters:hold_seconds={HoldSeconds}",
            },
        };
        appHost = Process.Start(start)!;
        appHost.OutputDataReceived += (_, line) => Keep(line.Data);
        appHost.ErrorDataReceived += (_, line) => Keep(line.Data);
        appHost.BeginOutputReadLine();
        appHost.BeginErrorReadLine();
    }

    private void Keep(string? line)
    {
        lock (output)
            output.AppendLine(line);
    }

    private string Output()
    {
        lock (output)
            return output.ToString();
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
