using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.Tests.Web.Journeys;

[Collection(typeof(JourneyCollection))]
public sealed class NotifyJourneyTests(RunningPlatform platform)
{
    [Fact]
    public async Task Notified()
    {
        await using var first = await platform.VisitAsync();
        await first.SignUpAsync();
        var title = $"Concert {Guid.NewGuid():N}";
        var ticket = await first.ListAsync(title, "19.99", 1);
        var order = await first.ReserveAsync(ticket, 1);
        await using var second = await platform.VisitAsync();
        await second.SignUpAsync();
        await second.Page.GotoAsync(ticket);
        await second.SeesAsync("None left right now");

        await second.PressAsync("Notify me");
        await Expect(second.Page.GetByRole(AriaRole.Button, new() { Name = "Stop waiting" })).ToBeVisibleAsync();
        await second.MarkAsync();
        await first.Page.GotoAsync(order);
        await first.PressAsync("Cancel order");

        var toast = second.Page.GetByRole(AriaRole.Status).GetByRole(AriaRole.Link, new() { Name = $"Tickets again: {title}" });
        await Expect(toast).ToBeVisibleAsync();
        await second.SeesAsync("1 ticket left");
        await Expect(second.Page.GetByRole(AriaRole.Button, new() { Name = "Stop waiting" })).ToBeHiddenAsync();
        await Expect(second.Page.GetByRole(AriaRole.Link, new() { Name = "Notifications 1 unread" })).ToBeVisibleAsync();
        await second.IsStillTheSamePageAsync();

        await second.Page.GetByRole(AriaRole.Link, new() { Name = "Notifications" }).ClickAsync();
        await Expect(second.Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = title })).ToContainTextAsync("New");
        await second.PressAsync("Mark all as read");
        await Expect(second.Page.GetByText("New", new() { Exact = true })).ToHaveCountAsync(0);
        await Expect(second.Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = title })).ToBeVisibleAsync();
    }
}
