using Microsoft.Playwright;
using Ticketing.Reliability;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Web.Journeys;

[CollectionDefinition]
public sealed class JourneyCollection : ICollectionFixture<RunningPlatform>;

/// <summary>
/// The whole platform, with data and ports of its own, and a browser.
/// </summary>
public sealed class RunningPlatform : IAsyncLifetime
{
    /// <summary>Long enough to get to the payment page on a busy machine, short enough to wait for.</summary>
    public const int HoldSeconds = 15;

    /// <summary>For everything in the browser, in milliseconds: other tests keep the machine busy.</summary>
    private const float Patience = 30_000;

    private HostedPlatform? hosted;
    private IPlaywright? playwright;
    private IBrowser? browser;

    internal Uri Site => hosted!.Platform.Site;

    public async ValueTask InitializeAsync()
    {
        hosted = await HostedPlatform.StartAsync(
            new() { Settings = new Dictionary<string, string> { ["Parameters:hold_seconds"] = $"{HoldSeconds}" } }, TestContext.Current.CancellationToken);

        playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(Patience);
        browser = await Chromium.LaunchAsync(playwright);
    }

    /// <summary>The Stripe sandbox, with its key: to make things go wrong.</summary>
    internal HttpClient Stripe => hosted!.Platform.Stripe;

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
        if (hosted is not null)
            await hosted.DisposeAsync();
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
