using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.Tests.Web.Journeys;

[Collection(typeof(JourneyCollection))]
public sealed class WaitingRoomJourneyTests(RunningPlatform platform)
{
    [Fact]
    public async Task Waiting_in_line()
    {
        await using var seller = await platform.VisitAsync();
        await seller.SignUpAsync();
        await seller.Page.GotoAsync("/tickets/new");
        await seller.Page.GetByLabel("Title").FillAsync("Rush");
        await seller.Page.GetByLabel("Price").FillAsync("10");
        await seller.Page.GetByLabel("Quantity").FillAsync("50");
        await seller.Page.GetByLabel("Buyers per minute").FillAsync("1");
        await seller.PressAsync("List tickets");
        await Expect(seller.Page.GetByRole(AriaRole.Heading, new() { Name = "Rush" })).ToBeVisibleAsync();
        var ticket = new Uri(seller.Page.Url).AbsolutePath;
        await using var second = await platform.VisitAsync();
        await second.SignUpAsync();

        // The seller takes the one turn; so nobody else is needed, and some of it is reserved when the rate is changed.
        await seller.ReserveAsync(ticket, 1);
        await second.Page.GotoAsync(ticket);
        await second.Page.GetByLabel("Quantity").FillAsync("2");
        await second.PressAsync("Reserve");
        await second.SeesAsync("You are number 1 in line");
        await second.MarkAsync();
        await second.Page.Locator("[data-wait]").WaitForAsync();
        await second.IsStillTheSamePageAsync();

        await seller.Page.GotoAsync($"{ticket}/edit");
        await seller.Page.GetByLabel("Buyers per minute").FillAsync("6000");
        await seller.PressAsync("Save changes");
        await seller.SeesAsync("Your changes are saved.");

        await Expect(second.Page.GetByText("It is your turn: reserve within")).ToBeVisibleAsync();
        await Expect(second.Page.GetByLabel("Quantity")).ToHaveValueAsync("2");
        await second.PressAsync("Reserve");
        await Expect(second.Timer).ToBeVisibleAsync();
    }
}
