using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Ticketing.Tests.Infrastructure;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.Tests.Web.Journeys;

[Collection(typeof(JourneyCollection))]
public sealed class BrowseJourneyTests(RunningPlatform platform)
{
    [Fact]
    public async Task The_list_finds_while_one_types_and_changes_while_one_looks()
    {
        await using var seller = await platform.VisitAsync();
        await seller.SignUpAsync();
        var (word, other) = ($"w{Guid.NewGuid():N}", $"w{Guid.NewGuid():N}");
        var ticket = await seller.ListAsync($"Concert {word}", "19.99", 1);
        await seller.ListAsync($"Play {other}", "25", 40);

        await using var watcher = await platform.VisitAsync();
        var page = watcher.Page;
        await page.GotoAsync("/");
        await watcher.MarkAsync();
        // Letter by letter, as a hand does it: answers to the letters before must not win.
        await page.GetByLabel("Search").PressSequentiallyAsync(word);
        var card = page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = word });
        await Expect(page.Locator(".listings > li")).ToHaveCountAsync(1);
        await Expect(card).ToContainTextAsync("1 left");
        await Expect(page).ToHaveURLAsync(new Regex($"q={word}$"));
        await Expect(page.Locator("[data-found]")).ToHaveTextAsync("1 event");

        var order = await seller.ReserveAsync(ticket, 1);
        await Expect(card).ToContainTextAsync("Sold out");
        await Expect(page.Locator("[data-found]")).ToHaveTextAsync($"Concert {word}: Sold out");
        await seller.Page.GotoAsync(order);
        await seller.PressAsync("Cancel order");
        await Expect(card).ToContainTextAsync("Back on sale");

        await page.GetByLabel("Search").FillAsync(other);
        await page.GetByLabel("Search").PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = other })).ToBeVisibleAsync();
        await page.GetByLabel("Sort by").SelectOptionAsync("price-desc");
        await Expect(page).ToHaveURLAsync(new Regex($"q={other}&sort=price-desc$"));
        await page.GoBackAsync();
        await page.GoBackAsync();
        await Expect(page.GetByLabel("Search")).ToHaveValueAsync(word);
        await Expect(card).ToBeVisibleAsync();
        await watcher.IsStillTheSamePageAsync();
    }

    /// <summary>Wherever on its way to the page a change is lost; here at the last step.</summary>
    [Fact]
    public async Task A_page_that_is_not_told_of_a_change_asks_by_itself()
    {
        await using var seller = await platform.VisitAsync();
        await seller.SignUpAsync();
        var ticket = await seller.ListAsync($"Concert {Guid.NewGuid():N}", "19.99", 5);
        await using var watcher = await platform.VisitAsync();
        var page = watcher.Page;
        var lost = new TaskCompletionSource();
        await page.RouteWebSocketAsync("**/live/hub", socket => socket.ConnectToServer().OnMessage(frame =>
        {
            if (frame.Text!.Contains("\"target\":\"ticket\"", StringComparison.Ordinal))
                lost.TrySetResult();
            else
                socket.Send(frame.Text);
        }));
        var looks = 0;
        page.Response += (_, answer) => looks += answer.Url.Contains("/live/tickets/", StringComparison.Ordinal) ? 1 : 0;
        await page.Clock.InstallAsync();
        await page.GotoAsync(ticket);
        await Eventually.HoldsAsync(() => Task.FromResult(looks == 2), "the page has looked twice, as it does when it is opened");

        await seller.ReserveAsync(ticket, 2);
        await lost.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await watcher.SeesAsync("5 tickets left");

        await page.Clock.FastForwardAsync(30_000);
        await watcher.SeesAsync("3 tickets left");
    }

    [Fact]
    public async Task More_is_loaded_into_the_list_and_without_a_script_it_is_the_next_page()
    {
        await using var seller = await platform.VisitAsync();
        await seller.SignUpAsync();
        var word = $"w{Guid.NewGuid():N}";
        for (var i = 0; i < 26; i++)
        {
            var listed = await seller.Context.APIRequest.PostAsync("/api/tickets", new() { DataObject = new { title = $"{word} {i:00}", price = 5 } });
            await Expect(listed).ToBeOKAsync();
        }

        var page = seller.Page;
        await page.GotoAsync($"/?q={word}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Load more" }).ClickAsync();
        await Expect(page.Locator(".listings > li")).ToHaveCountAsync(26);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = $"{word} 01" })).ToBeFocusedAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Load more" })).ToHaveCountAsync(0);

        await using var plain = await platform.VisitAsync(scripts: false);
        await plain.Page.GotoAsync("/");
        await plain.Page.GetByLabel("Search").FillAsync(word);
        await plain.PressAsync("Find");
        await plain.Page.GetByRole(AriaRole.Link, new() { Name = "Next page" }).ClickAsync();
        await Expect(plain.Page.Locator(".listings > li")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task On_a_phone_the_menu_opens_without_a_script_and_the_language_stays_chosen()
    {
        await using var visitor = await platform.VisitAsync(scripts: false);
        var page = visitor.Page;
        await page.SetViewportSizeAsync(390, 844);
        await page.GotoAsync("/signin");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Sell" })).ToBeHiddenAsync();

        await visitor.PressAsync("Menu");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Sell" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Sell" })).ToBeHiddenAsync();
        await visitor.PressAsync("Deutsch");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Anmelden" })).ToBeVisibleAsync();
        await page.GotoAsync("/");
        await Expect(page.GetByLabel("Suche")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Without_a_network_there_is_a_page_that_says_so()
    {
        await using var visitor = await platform.VisitAsync();
        await visitor.Page.GotoAsync("/");
        await visitor.Page.EvaluateAsync("navigator.serviceWorker.ready.then((registration) => registration.active.state)");

        await visitor.Context.SetOfflineAsync(true);
        await visitor.Page.GotoAsync("/orders");
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "You are offline" })).ToBeVisibleAsync();

        await visitor.Context.SetOfflineAsync(false);
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Try again" }).ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }
}
