using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.Tests.Web.Journeys;

/// <summary>The API's page, which Scalar makes. Its visitors notice, as everywhere, what breaks the page's policy.</summary>
[Collection(typeof(JourneyCollection))]
public sealed partial class DocsPageTests(RunningPlatform platform)
{
    [Fact]
    public async Task It_shows_every_document_sends_requests_as_the_visitor_and_asks_nobody_else()
    {
        await using var visitor = await platform.VisitAsync();
        await visitor.SignUpAsync();
        var page = visitor.Page;
        List<string> asked = [];
        visitor.Context.Request += (_, request) => asked.Add(request.Url);
        await page.GetByRole(AriaRole.Link, new() { Name = "API", Exact = true }).ClickAsync();

        await Expect(page).ToHaveTitleAsync("API – Ticketing");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Ticketing Auth" })).ToBeVisibleAsync();
        var shown = "Users and sessions";
        foreach (var (choice, title) in new[] { ("Tickets", "Tickets"), ("Payments", "Payments"), ("Waiting room", "Web"), ("Orders", "Orders") })
        {
            await page.GetByRole(AriaRole.Button, new() { Name = shown, Exact = true }).ClickAsync();
            await page.GetByRole(AriaRole.Option, new() { Name = choice, Exact = true }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"Ticketing {title}" })).ToBeVisibleAsync();
            shown = choice;
        }

        await page.GetByRole(AriaRole.Link, new() { NameRegex = MyOrders() }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = TestMyOrders() }).ClickAsync();
        var answer = await page.RunAndWaitForResponseAsync(
            () => page.GetByRole(AriaRole.Button, new() { NameRegex = Send() }).First.ClickAsync(),
            response => new Uri(response.Url).AbsolutePath == "/api/orders");
        answer.Status.ShouldBe(200);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "200 OK" })).ToBeVisibleAsync();

        asked.Where(url => !url.StartsWith(platform.Site.ToString(), StringComparison.Ordinal)).ShouldBeEmpty();
        asked.ShouldContain(url => url.EndsWith("/docs/scalar.js", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_in_the_visitors_language()
    {
        await using var visitor = await platform.VisitAsync(locale: "de-DE");
        await visitor.Page.GotoAsync("/docs");

        await Expect(visitor.Page.Locator("html")).ToHaveAttributeAsync("lang", "de");
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Einführung" })).ToBeVisibleAsync();
    }

    [GeneratedRegex("^My orders, newest first")]
    private static partial Regex MyOrders();

    [GeneratedRegex(@"^Test Request.*get .api.orders\W*$")]
    private static partial Regex TestMyOrders();

    [GeneratedRegex("^Send")]
    private static partial Regex Send();
}
