using System.Net;
using System.Net.Http.Json;
using Dapper;
using Shouldly;
using Ticketing.Tests.Flaws;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Races;

/// <summary>
/// A thousand buyers at two replicas for a few tickets. Each replica puts the requests that wait together into one
/// transaction; the transactions of both meet at the listing's row.
/// </summary>
public sealed class StockRaceTests(Servers servers)
{
    private const int Buyers = 1_000;

    /// <summary>
    /// Between looking and taking, so that whoever may look meanwhile does, on any machine. Once a transaction holds the
    /// lock before it looks, it changes nothing but the time.
    /// </summary>
    private const string Dawdle =
        """
        CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END';
        CREATE TRIGGER dawdle BEFORE UPDATE ON listings FOR EACH ROW EXECUTE FUNCTION dawdle();
        """;

    [Fact]
    public async Task Of_1000_buyers_racing_for_100_tickets_exactly_100_get_one()
    {
        var race = await RaceAsync(tickets: 100, [], dropConstraint: false);

        race.Answers.ShouldBe(
            new Dictionary<HttpStatusCode, int> { [HttpStatusCode.Created] = 100, [HttpStatusCode.BadRequest] = Buyers - 100 },
            ignoreOrder: true);
        (race.Sold, race.Available).ShouldBe((100, 0));
    }

    /// <summary>If the same race did not oversell when nobody locks before looking, the one above would show nothing.</summary>
    [Fact]
    public async Task Control_when_replicas_look_first_the_same_race_oversells()
    {
        var guard = Flaw02CheckThenInsertTests.LockBeforeLooking;
        var race = await RaceAsync(tickets: 100, [guard], dropConstraint: true);

        guard.ShouldHaveBeenApplied();
        race.Sold.ShouldBeGreaterThan(100);
        race.Answers[HttpStatusCode.Created].ShouldBe(race.Sold);
        race.Available.ShouldBe(100 - race.Sold);
    }

    private async Task<(Dictionary<HttpStatusCode, int> Answers, int Sold, int Available)> RaceAsync(
        int tickets, IReadOnlyList<Mutation> without, bool dropConstraint)
    {
        await using var shop = await OrdersShop.OpenAsync(servers, without);
        var replica = await shop.Platform.StartAsync<Ticketing.Orders.Order>();
        await using var connection = await shop.Platform.OpenAsync("orders");
        if (dropConstraint)
            await connection.ExecuteAsync(Flaw02CheckThenInsertTests.DropConstraint);
        var listing = await shop.ListAsync(tickets);
        await connection.ExecuteAsync(Dawdle);
        using var buyers = await Crowd.GatherAsync(
            Buyers, index => (index % 2 == 0 ? shop.Orders : replica).As(Guid.CreateVersion7()));

        var answers = await buyers.ActAsync(async (buyer, _) =>
        {
            using var answer = await buyer.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id });
            return answer.StatusCode;
        });

        return (answers.CountBy(status => status).ToDictionary(),
            await connection.ExecuteScalarAsync<int>("SELECT sum(quantity) FROM orders"),
            (await shop.AvailableAsync(listing.Id))!.Value);
    }
}
