using System.Net;
using System.Net.Http.Json;
using Dapper;
using Shouldly;
using Ticketing.Tests.Flaws;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Races;

/// <summary>A thousand buyers for a few tickets. They meet at the listing's row, so that the race is one on any machine.</summary>
public sealed class StockRaceTests(Servers servers)
{
    private const int Buyers = 1_000;

    /// <summary>How many wait at the row before the first may go on; a service has not many more connections.</summary>
    private const int Meeting = 25;

    [Fact]
    public async Task Of_1000_buyers_racing_for_100_tickets_exactly_100_get_one()
    {
        var race = await RaceAsync(tickets: 100, [], dropConstraint: false);

        race.Answers.ShouldBe(
            new Dictionary<HttpStatusCode, int> { [HttpStatusCode.Created] = 100, [HttpStatusCode.BadRequest] = Buyers - 100 },
            ignoreOrder: true);
        (race.Sold, race.Available).ShouldBe((100, 0));
    }

    /// <summary>
    /// If the same race did not oversell when buyers look first and take then, the one above would show nothing. There
    /// are fewer tickets than buyers who have looked before the first one takes.
    /// </summary>
    [Fact]
    public async Task Control_when_buyers_look_first_the_same_race_oversells()
    {
        var guard = Flaw02CheckThenInsertTests.TakeOnlyWhatIsThere;
        var race = await RaceAsync(tickets: 10, [guard], dropConstraint: true);

        guard.Applied.ShouldBe(Buyers);
        race.Sold.ShouldBeGreaterThanOrEqualTo(Meeting);
        race.Answers[HttpStatusCode.Created].ShouldBe(race.Sold);
        race.Available.ShouldBe(10 - race.Sold);
    }

    private async Task<(Dictionary<HttpStatusCode, int> Answers, int Sold, int Available)> RaceAsync(
        int tickets, IReadOnlyList<Mutation> without, bool dropConstraint)
    {
        await using var shop = await OrdersShop.OpenAsync(servers, without);
        await using var connection = await shop.Platform.OpenAsync("orders");
        if (dropConstraint)
            await connection.ExecuteAsync(Flaw02CheckThenInsertTests.DropConstraint);
        var listing = await shop.ListAsync(tickets);
        using var buyers = await Crowd.GatherAsync(Buyers, _ => shop.Orders.As(Guid.CreateVersion7()));

        HttpStatusCode[] answers = [];
        await shop.MeetAsync(listing.Id, Meeting, async () => answers = await buyers.ActAsync(async (buyer, _) =>
        {
            using var answer = await buyer.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id });
            return answer.StatusCode;
        }));

        return (answers.CountBy(status => status).ToDictionary(),
            await connection.ExecuteScalarAsync<int>("SELECT sum(quantity) FROM orders"),
            (await shop.AvailableAsync(listing.Id))!.Value);
    }
}
