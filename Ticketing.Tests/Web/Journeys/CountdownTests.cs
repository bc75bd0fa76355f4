using System.Globalization;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Web.Journeys;

[Collection(typeof(JourneyCollection))]
public sealed class CountdownTests(RunningPlatform platform)
{
    /// <summary>The browser's clock is moved on, so that nobody waits for two minutes.</summary>
    [Fact]
    public async Task Thirty_and_ten_seconds_before_the_end_a_screen_reader_says_so()
    {
        await using var buyer = await platform.VisitAsync();
        await buyer.SignUpAsync();
        var ticket = await buyer.ListAsync($"Concert {Guid.NewGuid():N}", "20", 5);
        var order = await buyer.ReserveAsync(ticket, 1);
        // A payment that waits for the buyer's bank gives the hold some time more.
        await buyer.Context.APIRequest.PostAsync("/api/payments", new()
        {
            DataObject = new { orderId = order.Split('/')[^1], token = "tok_threeDSecure2Required" },
        });
        await buyer.Page.Clock.InstallAsync();
        await Eventually.HoldsAsync(async () =>
        {
            await buyer.Page.GotoAsync(order);
            return await SecondsLeftAsync(buyer) > 40;
        }, "the hold is longer");

        await ForwardAsync(buyer, 29, "30 seconds left");
        await ForwardAsync(buyer, 9, "10 seconds left");
    }

    /// <summary>Whenever the page has asked the server, it knows better again, and is moved on once more.</summary>
    private static Task ForwardAsync(Visitor buyer, int seconds, string announcement) => Eventually.HoldsAsync(async () =>
    {
        await buyer.Page.Clock.FastForwardAsync(1000L * Math.Max(0, await SecondsLeftAsync(buyer) - seconds));
        return await buyer.Page.Locator("[data-announce]").TextContentAsync() == announcement;
    }, $"the page says: {announcement}");

    private static async Task<int> SecondsLeftAsync(Visitor buyer)
    {
        var shown = await buyer.Timer.TextContentAsync();
        return (int)TimeSpan.ParseExact(shown!, @"m\:ss", CultureInfo.InvariantCulture).TotalSeconds;
    }
}
