using Microsoft.Playwright;
using Ticketing.LocalHosting.Processes;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tests.LocalHosting;
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

    // Not a private directory of /tmp: started by root, PostgreSQL runs as another user, who must get into it.
    private readonly string data = Directory.CreateDirectory(
        Path.Combine(Path.GetTempPath(), $"ticketing-journeys-{Guid.NewGuid():N}")).FullName;
    private AppHostProcess? appHost;
    private IPlaywright? playwright;
    private IBrowser? browser;

    internal Uri Site => appHost!.Site;

    public async ValueTask InitializeAsync()
    {
        appHost = await AppHostProcess.StartAsync(data, new Dictionary<string, string> { ["Parameters__hold_seconds"] = $"{HoldSeconds}" });

        playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(Patience);
        browser = await Chromium.LaunchAsync(playwright);
    }

    /// <summary>The Stripe sandbox, with its key: to make things go wrong.</summary>
    internal async Task<HttpClient> StripeAsync()
    {
        var key = await File.ReadAllTextAsync(Path.Combine(data, "secrets", "sandbox-secret-key"));
        return new HttpClient
        {
            BaseAddress = new((await appHost!.ResourceAsync("stripe")).Endpoints[0]),
            DefaultRequestHeaders = { Authorization = new("Bearer", key) },
        };
    }

    /// <summary>Stops everything as Ctrl-C does, and sees that nothing of it is left.</summary>
    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
        if (appHost is not null)
        {
            var processes = appHost.Tree();
            await appHost.EndAsync(Signal.Terminate);
            if (processes.Where(process => process.IsAlive).ToList() is { Count: > 0 } left)
                throw new InvalidOperationException(
                    $"Still there after the AppHost ended: {string.Join(", ", left)}\n{string.Join('\n', appHost.Output)}");
            appHost.Dispose();
        }
        Directory.Delete(data, recursive: true);
    }

    /// <summary>Somebody new at the site, with a browser profile of their own.</summary>
    internal async Task<Visitor> VisitAsync(bool scripts = true, bool sockets = true, string locale = "en-GB")
    {
        var context = await browser!.NewContextAsync(new()
        {
            BaseURL = Site.ToString(),
            JavaScriptEnabled = scripts,
            ViewportSize = new() { Width = 1280, Height = 800 },
            TimezoneId = "Europe/Berlin",
            Locale = locale,
        });
        context.SetDefaultTimeout(Patience);
        if (!sockets)
            await context.RouteWebSocketAsync("**/live/hub", socket => _ = socket.CloseAsync());
        return new Visitor(context, await context.NewPageAsync());
    }
}
