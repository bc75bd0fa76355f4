using Microsoft.Playwright;
using Ticketing.Reliability;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.AppHost;

/// <summary>
/// Takes the pictures of the dashboard in <c>docs/screenshots</c>: <c>./test.sh -explicit only -class
/// Ticketing.Tests.AppHost.DashboardScreenshotTests</c>. Not run otherwise, since a picture is for people to judge.
/// </summary>
[Collection(typeof(WholePlatforms))]
public sealed class DashboardScreenshotTests
{
    private const string Token = "token-of-the-screenshots";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Every_page_of_the_dashboard_after_a_purchase()
    {
        var options = new HostingOptions
        {
            Settings = new Dictionary<string, string> { ["ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN"] = Token },
            WithDashboard = true,
        };
        await using var hosted = await HostedPlatform.StartAsync(options, Cancellation);
        var trace = await Purchase.MakeAsync(hosted.Platform.Site, Cancellation);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1440, Height = 960 }, ColorScheme = ColorScheme.Light });

        await page.GotoAsync($"{hosted.Dashboard}login?t={Token}");
        await TakeAsync("resources", "");
        await TakeAsync("traces", "traces");
        await TakeAsync("purchase", $"traces/detail/{trace}");
        await TakeAsync("structured-logs", "structuredlogs");
        await TakeAsync("metrics", "metrics/resource/orders?meter=Microsoft.AspNetCore.Hosting&instrument=http.server.request.duration");

        async Task TakeAsync(string name, string path)
        {
            await page.GotoAsync($"{hosted.Dashboard}{path}");
            // The pages fill in over a stream after they are there.
            await page.WaitForTimeoutAsync(5_000);
            await page.ScreenshotAsync(new()
            {
                Path = Path.Combine(TestFiles.Root, "docs", "screenshots", $"dashboard-{name}-desktop-light.jpg"),
                Type = ScreenshotType.Jpeg,
                Quality = 70,
            });
        }
    }
}
