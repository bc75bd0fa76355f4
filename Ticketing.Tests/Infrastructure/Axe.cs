using System.Text.Json;
using Microsoft.Playwright;

namespace Ticketing.Tests.Infrastructure;

/// <summary>What a page breaks of the rules of accessibility that browsers' own tools use.</summary>
internal static class Axe
{
    /// <summary>WCAG 2.2 up to AA, and what axe's makers found to matter besides.</summary>
    public const string Everything = "{ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] }";

    public const string ContrastOnly = "{ runOnly: { type: 'rule', values: ['color-contrast'] }, resultTypes: ['violations'] }";

    public static async Task<IEnumerable<string>> ViolationsAsync(IPage page, string options, string view)
    {
        if (!await page.EvaluateAsync<bool>("typeof axe === 'object'"))
            await page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "axe.min.js")));
        var result = await page.EvaluateAsync<JsonElement>($"axe.run(document, {options})");
        return result.GetProperty("violations").EnumerateArray().SelectMany(violation =>
            violation.GetProperty("nodes").EnumerateArray().Select(node =>
                $"{view}: {violation.GetProperty("id")} ({violation.GetProperty("impact")}) at {node.GetProperty("target")}: {node.GetProperty("failureSummary")}"));
    }
}
