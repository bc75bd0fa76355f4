using Microsoft.Playwright;
using Xunit;

namespace Ticketing.Tests.Infrastructure;

/// <summary>
/// The machine's own browser: Playwright's needs a download. Without the parts of a desktop's browser, whose start and profiles cost
/// nine times as much.
/// </summary>
internal static class Chromium
{
    private const string Program = "/usr/bin/chromium-headless-shell";

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        if (!File.Exists(Program))
            throw new InvalidOperationException("Tests in a browser need Chromium: apt-get install chromium-headless-shell (test.sh does it).");
        return playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--no-first-run",
            ],
        });
    }
}

/// <summary>One browser for the tests of a class; each visitor has a context of their own.</summary>
public sealed class BrowserOfTests : IAsyncLifetime
{
    private IPlaywright? playwright;

    public IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        Browser = await Chromium.LaunchAsync(playwright);
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        playwright?.Dispose();
    }
}
