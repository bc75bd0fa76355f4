using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.Tests.Web.Journeys;

/// <summary>Somebody without a mouse: Tab, Enter, and what one types.</summary>
[Collection(typeof(JourneyCollection))]
public sealed class KeyboardTests(RunningPlatform platform)
{
    /// <summary>More stops than any page has.</summary>
    private const int MostStops = 120;

    private const string FocusedName =
        """
        (() => {
          const e = document.activeElement;
          const label = e.labels && e.labels[0] ? e.labels[0].textContent : e.getAttribute('aria-label') || e.textContent;
          return label.trim().replace(/\s+/g, ' ');
        })()
        """;

    [Fact]
    public async Task A_purchase_from_the_first_page_to_the_tickets()
    {
        await using var seller = await platform.VisitAsync();
        await seller.SignUpAsync();
        var title = $"Concert {Guid.NewGuid():N}";
        await seller.ListAsync(title, "19.99", 3);

        await using var buyer = await platform.VisitAsync();
        await buyer.Page.GotoAsync("/");
        await GoToAsync(buyer, "Skip to content");
        await EnterAsync(buyer, "Sign up");
        await TypeAsync(buyer, "Email", buyer.Email);
        await TypeAsync(buyer, "Password", "correct horse");
        await buyer.Page.Keyboard.PressAsync("Enter");
        await Expect(buyer.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" })).ToBeVisibleAsync();

        await TypeAsync(buyer, "Search", title);
        await buyer.Page.Keyboard.PressAsync("Enter");
        await Expect(buyer.Page.GetByRole(AriaRole.Link, new() { Name = title })).ToHaveCountAsync(1);
        await EnterAsync(buyer, title);
        await Expect(buyer.Page.GetByRole(AriaRole.Heading, new() { Name = title })).ToBeVisibleAsync();
        await TypeAsync(buyer, "Quantity", "2");
        await EnterAsync(buyer, "Reserve");
        await Expect(buyer.Timer).ToBeVisibleAsync();
        await EnterAsync(buyer, "Pay");
        await TypeAsync(buyer, "Card number", "4242424242424242");
        await TypeAsync(buyer, "Expiry", "12/34");
        await TypeAsync(buyer, "CVC", "123");
        await buyer.Page.Keyboard.PressAsync("Enter");

        await Expect(buyer.Page).ToHaveURLAsync(new Regex("/orders/"), new() { Timeout = 30_000 });
        await buyer.SeesAsync("Paid");
    }

    private static async Task TypeAsync(Visitor visitor, string field, string text)
    {
        await GoToAsync(visitor, field);
        await visitor.Page.Keyboard.PressAsync("Control+A");
        await visitor.Page.Keyboard.TypeAsync(text);
    }

    private static async Task EnterAsync(Visitor visitor, string name)
    {
        await GoToAsync(visitor, name);
        await visitor.Page.Keyboard.PressAsync("Enter");
    }

    /// <summary>Tab after Tab, round the page if need be; every stop on the way must be visible.</summary>
    private static async Task GoToAsync(Visitor visitor, string name)
    {
        await Expect(visitor.Page.Locator("body")).ToContainTextAsync(name);
        for (var stop = 0; stop < MostStops; stop++)
        {
            await visitor.Page.Keyboard.PressAsync("Tab");
            if (await visitor.Page.EvaluateAsync<string>(FocusedName) != name)
                continue;
            (await visitor.Page.EvaluateAsync<bool>("document.activeElement.matches(':focus-visible')")).ShouldBeTrue(name);
            return;
        }
        throw new InvalidOperationException($"No Tab leads to \"{name}\" on {visitor.Page.Url}.");
    }
}
