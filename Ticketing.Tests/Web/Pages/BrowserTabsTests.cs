using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using Shouldly;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.Tests.Web.Pages;

/// <summary>What only a real browser does: it keeps cookies from other sites, and keeps what was typed. Before stubs of the services.</summary>
public sealed class BrowserTabsTests : PagesTests, IClassFixture<BrowserOfTests>
{
    private readonly IBrowser browser;

    private TicketResponse listing = Ticket(seller: UserId);

    public BrowserTabsTests(WebSite site, BrowserOfTests browser)
        : base(site)
    {
        this.browser = browser.Browser;
        Site.Tickets.Answers(context => Json(listing)(context));
        Site.Orders.Answers(Json(Array.Empty<OrderResponse>()));
    }

    /// <summary>The payment page is another site: the way back from it must not void the forms of the order's page.</summary>
    [Fact]
    public async Task Coming_back_from_the_payment_page_leaves_the_order_in_the_other_tab_usable()
    {
        var order = Order();
        Site.Orders.Answers(context =>
        {
            if (HttpMethods.IsDelete(context.Request.Method))
                context.Response.StatusCode = 204;
            return HttpMethods.IsDelete(context.Request.Method) ? Task.CompletedTask
                : context.Request.Path == "/api/orders" ? Json(new[] { order })(context) : Json(order)(context);
        });
        var back = new Uri(Site.Web.Address, $"/orders/{order.Id}");
        Site.Payments.Answers(context =>
        {
            context.Response.ContentType = "text/html";
            return context.Request.Path == "/pay" ? context.Response.WriteAsync($"<a href=\"{back}\">Back</a>")
                : Problem(404, ("Payment not found.", null))(context);
        });
        await using var context = await VisitAsync("Europe/Berlin");
        var (first, second) = (await context.NewPageAsync(), await context.NewPageAsync());
        await first.GotoAsync(back.ToString());

        // The same machine by another name is another site to a browser.
        await second.GotoAsync(new UriBuilder(Site.Payments.Address) { Host = "localhost", Path = "/pay" }.ToString());
        await second.GetByText("Back").ClickAsync();
        await Expect(second.GetByRole(AriaRole.Timer)).ToBeVisibleAsync();
        await first.GetByRole(AriaRole.Button, new() { Name = "Cancel order" }).ClickAsync();

        await Eventually.HoldsAsync(() => Task.FromResult(Site.Orders.Arrived.Contains($"DELETE /api/orders/{order.Id}")), "the order is cancelled");
    }

    [Theory]
    [InlineData("Europe/Berlin", "2027-06-01T18:00:37Z", "2027-06-01T20:00")]
    // The clock shows 02:30 twice.
    [InlineData("Europe/Berlin", "2027-10-31T00:30:00Z", "2027-10-31T02:30")]
    [InlineData("Europe/Berlin", "2027-10-31T01:30:00Z", "2027-10-31T02:30")]
    [InlineData("Europe/London", "2027-10-31T00:30:00Z", "2027-10-31T01:30")]
    [InlineData("Europe/London", "2027-10-31T01:30:00Z", "2027-10-31T01:30")]
    [InlineData("America/St_Johns", "2027-11-07T03:45:00Z", "2027-11-07T01:15")]
    [InlineData("America/St_Johns", "2027-11-07T04:45:00Z", "2027-11-07T01:15")]
    // Its clocks change by half an hour.
    [InlineData("Australia/Lord_Howe", "2027-04-03T14:45:00Z", "2027-04-04T01:45")]
    [InlineData("Australia/Lord_Howe", "2027-04-03T15:15:00Z", "2027-04-04T01:45")]
    public async Task A_start_that_was_not_edited_stays_as_it_is_through_reloads_and_the_way_back(string zone, string startsAt, string shown)
    {
        listing = listing with { StartsAt = DateTimeOffset.Parse(startsAt, null) };
        await using var context = await VisitAsync(zone);
        var page = await context.NewPageAsync();
        await page.GotoAsync($"/tickets/{listing.Id}/edit");

        for (var round = 1; round <= 3; round++)
        {
            await Expect(page.GetByLabel("Starts at")).ToHaveValueAsync(shown);
            await page.GetByLabel("Description").FillAsync($"Text {round}");
            await page.ReloadAsync();
            await Expect(page.GetByLabel("Starts at")).ToHaveValueAsync(shown);
            await page.GetByLabel("Description").FillAsync($"Text {round}");
            var saved = await SaveAsync(page);
            saved.ShouldBe($$"""{"description":"Text {{round}}","version":0}""");
            await page.GoBackAsync();
        }
    }

    /// <summary>As Firefox does it: before scripts run, fields that somebody typed into have what they had before the reload.</summary>
    [Theory]
    [InlineData("2027-06-01T21:00", "2027-06-01T19:00:00Z")]
    // By chance the same letters as the page's own in UTC.
    [InlineData("2027-06-01T18:00", "2027-06-01T16:00:00Z")]
    public async Task What_was_typed_and_kept_by_the_browser_is_not_converted_again(string kept, string sent)
    {
        listing = listing with { StartsAt = new DateTimeOffset(2027, 6, 1, 18, 0, 0, TimeSpan.Zero) };
        await using var context = await VisitAsync("Europe/Berlin");
        var page = await context.NewPageAsync();
        await page.AddInitScriptAsync($$"""
            new MutationObserver((_, observer) => {
              const input = document.getElementById('form-startsat');
              if (!input) return;
              input.value = '{{kept}}';
              observer.disconnect();
            }).observe(document, { childList: true, subtree: true });
            """);

        for (var reload = 0; reload < 3; reload++)
        {
            await page.GotoAsync($"/tickets/{listing.Id}/edit");
            await Expect(page.GetByLabel("Starts at")).ToHaveValueAsync(kept);
        }
        (await SaveAsync(page)).ShouldBe($$"""{"startsAt":"{{sent}}","version":0}""");
    }

    [Theory]
    [InlineData("Europe/Berlin", "2027-03-28T02:30", "2027-03-28T03:30", "2027-03-28T01:30:00Z")]
    [InlineData("Europe/London", "2027-03-28T01:30", "2027-03-28T02:30", "2027-03-28T01:30:00Z")]
    [InlineData("America/St_Johns", "2027-03-14T02:30", "2027-03-14T03:30", "2027-03-14T06:00:00Z")]
    [InlineData("Australia/Lord_Howe", "2027-10-03T02:15", "2027-10-03T02:30", "2027-10-02T15:30:00Z")]
    public async Task A_time_that_does_not_exist_is_asked_about(string zone, string skipped, string next, string sent)
    {
        await using var context = await VisitAsync(zone);
        var page = await context.NewPageAsync();
        await page.GotoAsync($"/tickets/{listing.Id}/edit");

        await page.GetByLabel("Starts at").FillAsync(skipped);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save changes" }).ClickAsync();
        await Expect(page.GetByText("Clocks go forward that day, and this time does not exist.")).ToBeVisibleAsync();
        await page.GetByLabel("Starts at").FillAsync(next);

        (await SaveAsync(page)).ShouldBe($$"""{"startsAt":"{{sent}}","version":0}""");
    }

    [Theory]
    [InlineData("Europe/Berlin", "2027-10-31T02:30", "The first", "2027-10-31T00:30:00Z")]
    [InlineData("Europe/Berlin", "2027-10-31T02:30", "The second", "2027-10-31T01:30:00Z")]
    [InlineData("Australia/Lord_Howe", "2027-04-04T01:45", "The second", "2027-04-03T15:15:00Z")]
    public async Task Of_a_time_that_comes_twice_one_is_chosen(string zone, string typed, string which, string sent)
    {
        await using var context = await VisitAsync(zone);
        var page = await context.NewPageAsync();
        await page.GotoAsync($"/tickets/{listing.Id}/edit");
        var choice = page.GetByLabel("Clocks go back that day, and this time comes twice.");
        await page.GetByLabel("Starts at").FillAsync("2027-10-30T12:00");
        await Expect(choice).ToBeHiddenAsync();

        await page.GetByLabel("Starts at").FillAsync(typed);
        await choice.SelectOptionAsync(which);

        (await SaveAsync(page)).ShouldBe($$"""{"startsAt":"{{sent}}","version":0}""");
    }

    [Theory]
    [InlineData("Europe/Berlin", "2027-10-31", "2027-10-31", "from=2027-10-30T22%3A00%3A00Z&to=2027-10-31T23%3A00%3A00Z")]
    [InlineData("Europe/Berlin", "2027-03-28", "2027-03-28", "from=2027-03-27T23%3A00%3A00Z&to=2027-03-28T22%3A00%3A00Z")]
    [InlineData("Europe/Berlin", "2027-06-01", "2027-12-01", "from=2027-05-31T22%3A00%3A00Z&to=2027-12-01T23%3A00%3A00Z")]
    [InlineData("Europe/London", "2027-10-31", "2027-10-31", "from=2027-10-30T23%3A00%3A00Z&to=2027-11-01T00%3A00%3A00Z")]
    [InlineData("America/St_Johns", "2027-11-07", "2027-11-07", "from=2027-11-07T02%3A30%3A00Z&to=2027-11-08T03%3A30%3A00Z")]
    [InlineData("Australia/Lord_Howe", "2027-04-04", "2027-04-04", "from=2027-04-03T13%3A00%3A00Z&to=2027-04-04T13%3A30%3A00Z")]
    public async Task A_day_is_searched_from_its_beginning_to_its_end_though_clocks_change(string zone, string from, string to, string asked)
    {
        Site.Tickets.Answers(Json(new[] { listing }));
        await using var context = await VisitAsync(zone);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        await page.GetByText("Dates and prices").ClickAsync();
        await page.GetByLabel("From day").FillAsync(from);
        await page.GetByLabel("To day").FillAsync(to);
        await page.GetByLabel("To day").BlurAsync();

        await Eventually.HoldsAsync(
            () => Task.FromResult(Site.Tickets.Arrived.Contains($"GET /api/tickets?{asked}&limit=24")), "the whole days are asked for");
    }

    [Theory]
    [InlineData("en-GB", "1,000", "Buyers see $1,000.00.")]
    [InlineData("de-DE", "1.000", "Käufer sehen 1.000,00 $.")]
    [InlineData("en-GB", "1.000", null)]
    [InlineData("de-DE", "1,000", null)]
    [InlineData("en-GB", "19,99", "Buyers see $19.99.")]
    public async Task The_preview_of_a_price_reads_it_as_the_server_does(string locale, string typed, string? preview)
    {
        await using var context = await VisitAsync("Europe/Berlin", locale);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/tickets/new");
        await page.Locator("#form-price").FillAsync(typed);

        var shown = page.Locator("[data-price-preview]");
        if (preview is null)
            await Expect(shown).ToBeHiddenAsync();
        else
            (await shown.InnerTextAsync()).Replace('\u00a0', ' ').ShouldBe(preview);
    }

    [Fact]
    public async Task A_hold_in_the_header_counts_down_and_goes_when_its_time_is_up()
    {
        Site.Orders.Answers(Json(new[] { Order() with { ExpiresAt = Site.Platform.Clock.GetUtcNow().AddSeconds(15) } }));
        await using var context = await VisitAsync("Europe/Berlin");
        var page = await context.NewPageAsync();
        await page.GotoAsync("/tickets/new");

        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Pay", Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Pay", Exact = true })).ToHaveCountAsync(0, new() { Timeout = 60_000 });
    }

    private async Task<IBrowserContext> VisitAsync(string zone, string locale = "en-GB")
    {
        var context = await browser.NewContextAsync(new() { BaseURL = Site.Web.Address.ToString(), TimezoneId = zone, Locale = locale });
        await context.AddCookiesAsync([new() { Name = "session", Value = Session, Url = Site.Web.Address.ToString(), SameSite = SameSiteAttribute.Lax }]);
        return context;
    }

    /// <summary>Saves the edit page and gives what Tickets was asked to change.</summary>
    private async Task<string> SaveAsync(IPage page)
    {
        string? saved = null;
        Site.Tickets.Answers(async context =>
        {
            if (HttpMethods.IsPut(context.Request.Method))
                saved = await new StreamReader(context.Request.Body).ReadToEndAsync();
            await Json(listing)(context);
        });
        await page.GetByRole(AriaRole.Button, new() { Name = "Save changes" }).ClickAsync();
        await Expect(page.GetByText("Your changes are saved.")).ToBeVisibleAsync();
        return saved.ShouldNotBeNull();
    }
}
