using System.Net;
using System.Net.Http.Json;
using Dapper;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tests.Model;
using Xunit;

namespace Ticketing.Tests.Tickets;

/// <summary>
/// No listing outlives its seller: one that is made in the very moment in which the account is deleted is refused or withdrawn.
/// It is held up in the middle, after it has looked whether the seller is there and before it is committed.
/// </summary>
public sealed class FormerSellerRaceTests(Servers servers)
{
    private static Mutation TheSellersLock => new(
        "tickets", "SELECT 1 FROM pg_advisory_xact_lock_shared(2, hashtext(@sellerId::text))", "SELECT @sellerId::text");

    private static Mutation StopsToList => new(
        "tickets",
        "WHERE NOT EXISTS (SELECT FROM former_sellers WHERE id = @sellerId)",
        "WHERE NOT EXISTS (SELECT FROM former_sellers WHERE id = @sellerId) AND (SELECT true FROM pg_advisory_xact_lock(7, 7))");

    [Fact]
    public async Task A_listing_that_is_made_while_its_seller_goes_is_withdrawn() => (await RaceAsync()).ShouldBe(0);

    [Fact]
    public async Task Control_without_the_lock_it_stays()
    {
        var guard = TheSellersLock;
        (await RaceAsync(guard)).ShouldBe(1);
        guard.ShouldHaveBeenApplied();
    }

    /// <summary>How many listings of the seller are left.</summary>
    private async Task<int> RaceAsync(params Mutation[] without)
    {
        var stop = StopsToList;
        await using var platform = (await TestPlatform.CreateAsync(servers, "tickets")).Without([stop, .. without]);
        var tickets = await platform.StartAsync<Ticketing.Tickets.Listing>();
        var consumptions = new Consumptions();
        tickets.Services.GetRequiredService<IBusControl>().ConnectConsumeObserver(consumptions);
        var seller = Guid.CreateVersion7();
        using var client = tickets.As(seller);
        await using var gate = await platform.OpenAsync("tickets");
        await gate.ExecuteAsync("SELECT pg_advisory_lock(7, 7)");

        var listing = client.PostAsJsonAsync("/api/tickets", new { title = "Concert", price = 10 });
        await platform.WaitingAsync("tickets", 1);
        var withdrawal = consumptions.WaitAsync(id => platform.Broker.PublishAsync(new UserDeleted(seller), id));
        // It waits for the listing; or, without the lock, is through before it.
        if (without.Length == 0)
            await platform.WaitingAsync("tickets", 2);
        else
            await withdrawal;
        await gate.ExecuteAsync("SELECT pg_advisory_unlock(7, 7)");

        (await listing).StatusCode.ShouldBe(HttpStatusCode.Created);
        await withdrawal;
        stop.ShouldHaveBeenApplied();
        await using var connection = await platform.OpenAsync("tickets");
        return await connection.ExecuteScalarAsync<int>("SELECT count(*) FROM tickets WHERE deleted_at IS NULL");
    }
}
