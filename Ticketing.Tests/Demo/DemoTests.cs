using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Ticketing.Demo;
using Ticketing.Reliability;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Demo;

[Collection(typeof(WholePlatforms))]
public sealed class DemoTests
{
    [Fact]
    public async Task It_fills_the_site_once_and_people_buy()
    {
        var options = new HostingOptions
        {
            Settings = new Dictionary<string, string> { ["Parameters:demo"] = "on" },
            ServiceEnvironment = new Dictionary<string, string> { ["Demo__Listings"] = "7", ["Demo__Buyers"] = "3", ["Demo__SecondsBetweenPurchases"] = "0.2" },
        };
        await using var hosted = await HostedPlatform.StartAsync(options, TestContext.Current.CancellationToken);
        await SaysAsync("Listed 7 events");
        await SaysAsync("buyer-3@demo.example; the password of all is: correct horse");
        await SaysAsync(": Paid");

        // A second start finds everything there.
        Posix.Kill(hosted.ProcessesOf("demo").Single(), Signal.Kill);
        await SaysAsync("Listed 0 events");
        using var client = new HttpClient { BaseAddress = hosted.Platform.Site };
        (await client.GetFromJsonAsync<JsonArray>("/api/tickets?limit=100", TestContext.Current.CancellationToken))!.Count.ShouldBeLessThanOrEqualTo(7);

        Task SaysAsync(string words) => Eventually.HoldsAsync(
            () => Task.FromResult(hosted.Output.Any(line => line.StartsWith("[demo]", StringComparison.Ordinal) && line.Contains(words, StringComparison.Ordinal))),
            $"it says: {words}", TimeSpan.FromMinutes(4));
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
