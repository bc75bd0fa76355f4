using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Ticketing.Demo;
using Ticketing.LocalHosting.Processes;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tests.LocalHosting;
using Xunit;

namespace Ticketing.Tests.Demo;

public sealed class DemoTests
{
    [Fact]
    public async Task It_fills_the_site_once_and_people_buy()
    {
        using var application = new TestApplication();
        var settings = new Dictionary<string, string>
        {
            ["Parameters__demo"] = "on",
            ["Demo__Listings"] = "7",
            ["Demo__Buyers"] = "3",
            ["Demo__SecondsBetweenPurchases"] = "0.2",
        };
        using var platform = await AppHostProcess.StartAsync(application.Data, settings);
        await SaysAsync("Listed 7 events");
        await SaysAsync("buyer-3@demo.example; the password of all is: correct horse");
        await SaysAsync(": Paid");
        (await platform.ResourceAsync("demo")).Restarts.ShouldBe(0);

        // A second start finds everything there.
        Posix.Kill((await platform.ResourceAsync("demo")).Pid!.Value, Signal.Kill);
        await SaysAsync("Listed 0 events");
        using var client = new HttpClient { BaseAddress = platform.Site };
        (await client.GetFromJsonAsync<JsonArray>("/api/tickets?limit=100", TestContext.Current.CancellationToken))!.Count.ShouldBeLessThanOrEqualTo(7);

        (await platform.EndAsync(Signal.Terminate)).ShouldBe(0);

        Task SaysAsync(string words) => Eventually.HoldsAsync(
            () => Task.FromResult(platform.Output.Any(line => line.StartsWith("[demo]", StringComparison.Ordinal) && line.Contains(words, StringComparison.Ordinal))),
            $"it says: {words}", TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void An_event_is_the_same_every_time_and_can_be_listed()
    {
        var now = new DateTimeOffset(2031, 3, 4, 5, 6, 7, TimeSpan.Zero);
        var events = Enumerable.Range(0, 500).Select(number => Programme.Event(number, now)).ToList();
        events.ShouldBe(Enumerable.Range(0, 500).Select(number => Programme.Event(number, now)));
        events.ShouldAllBe(listing => listing.Title.Length <= 200 && listing.Price >= 0.5m && listing.Quantity >= 1 && listing.StartsAt > now);
        events.ShouldAllBe(listing => decimal.Round(listing.Price, 2) == listing.Price);
        events.Select(listing => listing.Title).Distinct().Count().ShouldBeGreaterThan(80);
    }
}
