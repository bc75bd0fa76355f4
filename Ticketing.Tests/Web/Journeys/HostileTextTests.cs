using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.Tests.Web.Journeys;

/// <summary>Texts of sellers' that would tear a page or turn it around, on every page that shows them and on every screen.</summary>
[Collection(typeof(JourneyCollection))]
public sealed class HostileTextTests(RunningPlatform platform)
{
    private static readonly int[] Widths = [320, 360, 390, 480, 640, 768, 896, 1024, 1280];

    private static readonly string Wide = new('W', 200);

    /// <summary>Right-to-left override, which ends in its line, as it must.</summary>
    private const string Turned = "Concert \u202Eeman a tsuj\u202C";

    /// <summary>What is wider than its page, or than the card that it is in; what is cut off or scrolled on purpose is not.</summary>
    private const string FindTooWide =
        """
        () => {
          const width = document.documentElement.clientWidth;
          const found = document.documentElement.scrollWidth > width ? [`the page: ${document.documentElement.scrollWidth}`] : [];
          const isCut = (element) => element.closest('.hidden, .skip, svg') !== null || (function inside(parent) {
            return parent !== null && parent !== document.body && (getComputedStyle(parent).overflowX !== 'visible' || inside(parent.parentElement));
          })(element.parentElement);
          for (const element of document.querySelectorAll('body *')) {
            const box = element.getBoundingClientRect();
            if (box.width === 0 || isCut(element)) continue;
            const room = element.closest('.card')?.getBoundingClientRect() ?? { left: 0, right: width };
            if (box.right > room.right + 1 || box.left < room.left - 1) found.push(`${element.tagName}.${element.className}: ${box.left}–${box.right} of ${room.left}–${room.right}`);
          }
          return found;
        }
        """;

    /// <summary>Texts with a control of writing direction that stand in nothing which keeps it to itself.</summary>
    private const string FindNotIsolated =
        """
        () => {
          const found = document.title.includes('\u202E') ? ['the title'] : [];
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (texts.nextNode()) {
            const inside = texts.currentNode.parentElement;
            if (texts.currentNode.data.includes('\u202E') && !inside.closest('bdi, [dir=auto], textarea')) found.push(inside.outerHTML);
          }
          for (const element of document.querySelectorAll('[aria-label*="\u202E"], [title*="\u202E"], [alt*="\u202E"]')) found.push(element.outerHTML);
          return found;
        }
        """;

    [Fact]
    public async Task Nothing_overflows_and_nothing_is_turned_around_on_any_screen()
    {
        await using var guest = await platform.VisitAsync();
        await using var seller = await platform.VisitAsync();
        await seller.SignUpAsync();
        await using var buyer = await platform.VisitAsync();
        await buyer.SignUpAsync();
        var wide = await ListAsync(seller, Wide, Wide, 3);
        var turned = await ListAsync(seller, Turned, $"{Turned} venue", 3);
        await ListAsync(seller, "Hamlet", "Old Town Hall, Marktplatz 1, Musterstadt", 3);
        var paid = await BuyAsync(buyer, wide);
        var alsoPaid = await BuyAsync(buyer, turned);
        await WatchAsync(buyer, seller, turned);
        await WatchAsync(buyer, seller, wide);

        string[] ofAnybody = ["/", $"/tickets/{wide}", $"/tickets/{turned}", "/?q=" + Wide, "/signin", "/nothing"];
        string[] ofTheBuyer = ["/orders", $"/orders/{paid}", $"/orders/{paid}/print", $"/orders/{alsoPaid}", "/notifications", "/account"];
        string[] ofTheSeller = ["/selling", $"/tickets/{wide}", $"/tickets/{wide}/edit", $"/tickets/{turned}/edit", $"/checkin/{wide}", $"/checkin/{turned}"];
        foreach (var (who, paths) in new[] { (guest, ofAnybody), (buyer, ofTheBuyer), (seller, ofTheSeller) })
        {
            foreach (var path in paths)
            {
                await who.Page.GotoAsync(path);
                await IsWholeAsync(who, path);
            }
        }
        var held = await OrderAsync(buyer, wide);
        await buyer.Page.GotoAsync($"/orders/{held}");
        await IsWholeAsync(buyer, "an order that is held");
        await seller.Page.GotoAsync($"/checkin/{wide}");
        await UseTwiceAsync(seller, await CodeAsync(buyer, paid));
        await IsWholeAsync(seller, "a ticket that was used at a door with a wide name");

        // The control: a column that wraps is as wide as its widest text.
        await guest.Page.SetViewportSizeAsync(1280, 800);
        await guest.Page.GotoAsync("/");
        await guest.Page.EvaluateAsync("() => { document.styleSheets[0].insertRule('.card .facts { flex-wrap: wrap !important; }', document.styleSheets[0].cssRules.length); }");
        (await guest.Page.EvaluateAsync<string[]>(FindTooWide)).ShouldNotBeEmpty();
    }

    private static async Task IsWholeAsync(Visitor who, string path)
    {
        (await who.Page.EvaluateAsync<string[]>(FindNotIsolated)).ShouldBeEmpty(path);
        foreach (var width in Widths)
        {
            await who.Page.SetViewportSizeAsync(width, 800);
            (await who.Page.EvaluateAsync<string[]>(FindTooWide)).ShouldBeEmpty($"{path} at {width} px");
        }
        await PictureAsync(who, path);
    }

    /// <summary>For people to look at, where the environment names a directory.</summary>
    private static async Task PictureAsync(Visitor who, string path)
    {
        if (Environment.GetEnvironmentVariable("HOSTILE_TEXT_PICTURES") is not { Length: > 0 } directory)
            return;
        foreach (var width in (int[])[320, 1280])
        {
            await who.Page.SetViewportSizeAsync(width, 800);
            var name = string.Concat(path.Take(60).Select(letter => char.IsLetterOrDigit(letter) ? letter : '-'));
            await who.Page.ScreenshotAsync(new() { Path = Path.Combine(directory, $"{name}-{width}.png"), FullPage = true });
        }
    }

    private static async Task<string> ListAsync(Visitor seller, string title, string venue, int quantity)
    {
        var answer = await seller.Context.APIRequest.PostAsync("/api/tickets", new()
        {
            DataObject = new { title, venue, price = 1_000_000 / 4, quantity, description = $"{new string('m', 3000)} {Turned}", startsAt = "2040-09-30T20:00:00Z" },
        });
        answer.Status.ShouldBe(201, await answer.TextAsync());
        return (await answer.JsonAsync())!.Value.GetProperty("id").GetString()!;
    }

    private static async Task<string> OrderAsync(Visitor buyer, string ticketId)
    {
        var id = "";
        await Eventually.HoldsAsync(async () =>
        {
            var answer = await buyer.Context.APIRequest.PostAsync("/api/orders", new() { DataObject = new { ticketId, quantity = 1 } });
            if (answer.Status == 201)
                id = (await answer.JsonAsync())!.Value.GetProperty("id").GetString()!;
            return answer.Status == 201;
        }, "the tickets are reserved");
        return id;
    }

    private static async Task<string> BuyAsync(Visitor buyer, string ticketId)
    {
        var order = await OrderAsync(buyer, ticketId);
        var answer = await buyer.Context.APIRequest.PostAsync("/api/payments", new() { DataObject = new { orderId = order, token = "tok_visa" } });
        answer.Status.ShouldBe(201, await answer.TextAsync());
        await CodeAsync(buyer, order);
        return order;
    }

    private static async Task<string> CodeAsync(Visitor buyer, string order)
    {
        var code = "";
        await Eventually.HoldsAsync(async () =>
        {
            var answer = await buyer.Context.APIRequest.GetAsync($"/api/tickets/admissions/{order}");
            if (answer.Ok)
                code = (await answer.JsonAsync())!.Value[0].GetProperty("code").GetString()!;
            return answer.Ok;
        }, "the order has tickets");
        return code;
    }

    /// <summary>Waits for tickets of a listing of which somebody holds all for a moment, and is told.</summary>
    private static async Task WatchAsync(Visitor buyer, Visitor holder, string ticketId)
    {
        List<string> held = [await OrderAsync(holder, ticketId), await OrderAsync(holder, ticketId)];
        await Eventually.HoldsAsync(
            async () => (await buyer.Context.APIRequest.PutAsync($"/api/tickets/{ticketId}/watch")).Ok, "nothing is left, and one waits");
        foreach (var order in held)
            (await holder.Context.APIRequest.DeleteAsync($"/api/orders/{order}")).Status.ShouldBe(204);
        await Eventually.HoldsAsync(
            async () => (await (await buyer.Context.APIRequest.GetAsync("/api/tickets/notifications")).TextAsync()).Contains(ticketId), "one is told");
    }

    private static async Task UseTwiceAsync(Visitor seller, string code)
    {
        await seller.Page.GetByLabel("This door").FillAsync(new string('W', 40));
        for (var use = 0; use < 2; use++)
        {
            await seller.Page.GetByLabel("Ticket code").FillAsync(code);
            await seller.PressAsync("Check in");
        }
        await Expect(seller.Page.Locator("[data-outcome='used']")).ToBeVisibleAsync();
        await Expect(seller.Page.Locator("[data-outcome='valid']")).ToBeVisibleAsync();
    }
}
