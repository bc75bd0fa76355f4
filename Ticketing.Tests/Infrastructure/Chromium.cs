using Microsoft.Playwright;

namespace Ticketing.Tests.Infrastructure;

/// <summary>The machine's own browser: Playwright's needs a download.</summary>
internal static class Chromium
{
    private const string Program = "/usr/bin/chromium";

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        if (!File.Exists(Program))
            throw new InvalidOperationException("Tests in a browser need Chromium: apt-get install chromium (test.sh does it).");
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
