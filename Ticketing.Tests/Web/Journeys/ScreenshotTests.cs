using Microsoft.Playwright;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Web.Journeys;

/// <summary>
/// Takes the pictures of <c>docs/screenshots</c>: <c>./test.sh -explicit only -class
/// Ticketing.Tests.Web.Journeys.ScreenshotTests</c>. Not run otherwise, since a picture is for people to judge.
/// </summary>
[Collection(typeof(JourneyCollection))]
public sealed class ScreenshotTests(RunningPlatform platform)
{
    /// <summary>What goes on below that says no more of a page's look.</summary>
    private const int MostHeight = 1400;

    private static readonly (string Name, int Width, int Height)[] Screens = [("desktop", 1280, 900), ("phone", 390, 844)];

    [Fact(Explicit = true)]
    public async Task Every_page_on_both_screens_in_both_themes()
    {
        await using var gallery = await Gallery.OpenAsync(platform);
        foreach (var (screen, width, height) in Screens)
        {
            foreach (var theme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                foreach (var (name, who, go) in gallery.Views)
                {
                    await who.Page.SetViewportSizeAsync(width, height);
                    await who.Page.EmulateMediaAsync(new() { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
                    await go();
                    await who.Page.WaitForLoadStateAsync();
                    await who.Page.ScreenshotAsync(new()
                    {
                        Path = Path.Combine(Folder(), $"{name}-{screen}-{theme.ToString().ToLowerInvariant()}.jpg"),
                        FullPage = true,
                        Clip = new() { Width = width, Height = Math.Min(await HeightAsync(who.Page), MostHeight) },
                        Type = ScreenshotType.Jpeg,
                        Quality = 70,
                    });
                }
            }
        }
    }

    private static Task<int> HeightAsync(IPage page) => page.EvaluateAsync<int>("document.documentElement.scrollHeight");

    private static string Folder() =>
        Directory.CreateDirectory(Path.Combine(TestFiles.Root, "docs", "screenshots")).FullName;
}
