using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Ticketing.Tests.Web.Journeys;

/// <summary>Every page for everybody: axe's rules in both themes, small screens, large letters.</summary>
[Collection(typeof(JourneyCollection))]
public sealed class AccessibilityTests(RunningPlatform platform)
{
    /// <summary>WCAG 2.2 up to AA, and what axe's makers found to matter besides.</summary>
    private static readonly object Everything =
        new { type = "tag", values = (string[])["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };

    private static readonly object ContrastOnly = new { type = "rule", values = (string[])["color-contrast"] };

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    [Fact]
    public async Task No_page_breaks_a_rule_of_axe_in_either_theme()
    {
        await using var gallery = await Gallery.OpenAsync(platform);
        List<string> violations = [];
        foreach (var (name, who, go) in gallery.Views)
        {
            await who.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce });
            await go();
            violations.AddRange(await ViolationsAsync(who.Page, Everything, $"{name}, light"));
            await who.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark, ReducedMotion = ReducedMotion.Reduce });
            violations.AddRange(await ViolationsAsync(who.Page, ContrastOnly, $"{name}, dark"));
        }
        violations.ShouldBeEmpty();
    }

    /// <summary>The negative control: what is wrong is found.</summary>
    [Fact]
    public async Task Axe_finds_what_is_wrong()
    {
        await using var visitor = await platform.VisitAsync();
        await visitor.Page.GotoAsync("/");
        await visitor.Page.EvaluateAsync("document.querySelector('main').append(document.createElement('input'))");

        (await ViolationsAsync(visitor.Page, Everything, "browse")).ShouldContain(violation => violation.Contains("label"));
    }

    [Fact]
    public async Task Every_page_fits_a_screen_of_320_pixels_and_letters_of_twice_the_size()
    {
        await using var gallery = await Gallery.OpenAsync(platform);
        List<string> tooWide = [];
        foreach (var (name, who, go) in gallery.Views)
        {
            // Zoomed by 200 %, a window of 1280 pixels has 640 of the page's.
            foreach (var width in (int[])[320, 640])
            {
                await who.Page.SetViewportSizeAsync(width, 640);
                if (width == 320)
                    await go();
                var excess = await who.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth");
                if (excess > 0)
                    tooWide.Add($"{name} at {width}: {excess} pixels too wide");
            }
        }
        tooWide.ShouldBeEmpty();
    }

    // Not Deque.AxeCore.Playwright: it opens a page of its own for each analysis, which takes five minutes for all of ours.
    private static async Task<string[]> ViolationsAsync(IPage page, object rules, string view)
    {
        await page.EvaluateAsync(Axe);
        var violations = await page.EvaluateAsync<string[]>(
            """
            async rules => {
              const { violations } = await axe.run(document, { runOnly: rules, resultTypes: ['violations'] });
              return violations.flatMap(rule => rule.nodes.map(node => `${rule.id} (${rule.impact}) at ${node.target}: ${rule.help}`));
            }
            """,
            rules);
        return [.. violations.Select(violation => $"{view}: {violation}")];
    }
}
