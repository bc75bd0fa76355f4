using Microsoft.Playwright;
using Shouldly;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.Tests.Web.Journeys;

/// <summary>Somebody at the site, who finds everything by what it is called there.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly List<string> scriptErrors = [];

    public Visitor(IBrowserContext context, IPage page)
    {
        (this.context, Page) = (context, page);
        context.WebError += (_, error) => scriptErrors.Add(error.Error);
        context.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
                PolicyViolations.Add($"{message.Page?.Url}: {message.Text}");
        };
    }

    public IPage Page { get; }

    /// <summary>Cookies and calls of this browser, past its pages.</summary>
    public IBrowserContext Context => context;

    /// <summary>What the pages' content security policies kept from happening; must be empty in the end.</summary>
    public List<string> PolicyViolations { get; } = [];

    public string Email { get; } = $"someone-{Guid.NewGuid().ToString("N")[20..]}@example.test";

    public ILocator Timer => Page.GetByRole(AriaRole.Timer);

    public async Task SignUpAsync()
    {
        await Page.GotoAsync("/");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Sign up" }).ClickAsync();
        await Page.GetByLabel("Email").FillAsync(Email);
        await Page.GetByLabel("Password").FillAsync("correct horse");
        await PressAsync("Sign up");
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" })).ToBeVisibleAsync();
    }

    /// <summary>Lists tickets and gives the path of their page.</summary>
    public async Task<string> ListAsync(string title, string price, int quantity)
    {
        await Page.GotoAsync("/tickets/new");
        await Page.GetByLabel("Title").FillAsync(title);
        await Page.GetByLabel("Price").FillAsync(price);
        await Page.GetByLabel("Quantity").FillAsync($"{quantity}");
        await PressAsync("List tickets");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = title })).ToBeVisibleAsync();
        return new Uri(Page.Url).AbsolutePath;
    }

    /// <summary>Reserves tickets and gives the path of the order's page. A new listing is orderable within a second.</summary>
    public async Task<string> ReserveAsync(string ticket, int quantity)
    {
        await Page.GotoAsync(ticket);
        for (var attempt = 0; ; attempt++)
        {
            await Page.GetByLabel("Quantity").FillAsync($"{quantity}");
            var answer = await Page.RunAndWaitForResponseAsync(() => PressAsync("Reserve"), answer => answer.Request.Method == "POST");
            if (answer.Headers.TryGetValue("location", out var order) && order.StartsWith("/orders/", StringComparison.Ordinal))
            {
                await Page.WaitForURLAsync($"**{order}", new() { WaitUntil = WaitUntilState.DOMContentLoaded });
                return order;
            }
            attempt.ShouldBeLessThan(5, await Page.ContentAsync());
            await Page.GotoAsync(ticket);
        }
    }

    /// <summary>Fills in Stripe's page, where Pay led.</summary>
    public async Task EnterCardAsync(string number)
    {
        await Page.GetByLabel("Card number").FillAsync(number);
        await Page.GetByLabel("Expiry").FillAsync("12/34");
        await Page.GetByLabel("CVC").FillAsync("123");
        await PressAsync("Pay");
    }

    public Task PressAsync(string button) => Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    public Task SeesAsync(string text) => Expect(Page.GetByText(text, new() { Exact = true })).ToBeVisibleAsync();

    /// <summary>Puts a mark on the page that would not outlive a reload.</summary>
    public Task MarkAsync() => Page.EvaluateAsync("window.mark = true");

    public async Task IsStillTheSamePageAsync() =>
        (await Page.EvaluateAsync<bool>("window.mark === true")).ShouldBeTrue("the page was loaded again");

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        scriptErrors.ShouldBeEmpty();
        PolicyViolations.ShouldBeEmpty();
    }
}
