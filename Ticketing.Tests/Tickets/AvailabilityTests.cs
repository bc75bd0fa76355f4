using System.Net;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tickets;
using Xunit;

namespace Ticketing.Tests.Tickets;

/// <summary>What open pages are told of the listings that they show.</summary>
public sealed class AvailabilityTests(TicketsFixture fixture, Servers servers) : TicketsTests(fixture)
{
    /// <summary>Each order alone would be an event.</summary>
    [Fact]
    public async Task Of_a_burst_of_orders_a_few_states_are_told_and_the_last_one_is_right()
    {
        var listing = await ListAsync(quantity: 1_000);
        var orders = Enumerable.Range(0, 300).Select(_ => Order(listing.Id, OrderStatus.Created, 0)).ToArray();
        var started = TimeProvider.System.GetTimestamp();

        await Task.WhenAll(orders.Select(order => Platform.Broker.PublishAsync(new OrderCreated(order))));
        await HearAsync(told => told.TicketId == listing.Id && told.Available == 700);

        var told = Platform.Broker.Heard<AvailabilityChanged>(told => told.TicketId == listing.Id);
        told.Count.ShouldBeLessThanOrEqualTo(
            (int)(TimeProvider.System.GetElapsedTime(started) / TimeSpan.FromMilliseconds(250)) + 2);
        told.MaxBy(state => state.Version)!.Available.ShouldBe(700);
    }

    [Fact]
    public async Task Many_listings_that_change_together_are_told_together()
    {
        var listings = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ListAsync(quantity: 5)));

        await Platform.Broker.PublishTogetherAsync(
            [.. listings.Select(listing => new OrderCreated(Order(listing.Id, OrderStatus.Created, 0, 2)))]);

        foreach (var listing in listings)
            await HearAsync(told => told.TicketId == listing.Id && told.Available == 3);
        Platform.Broker.Heard<AvailabilityChanged>(told => told.Available == 3 && listings.Any(listing => listing.Id == told.TicketId))
            .Select(told => told.Version).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Whatever_changes_what_a_page_shows_is_told()
    {
        var seller = Guid.CreateVersion7();
        var (changed, formers) = (await ListAsync(quantity: 5), await ListAsync(quantity: 5, seller: seller));

        (await PutAsync(changed, new { price = 25, quantity = 4, currency = "eur" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await HearAsync(told => told with { Version = 0 } == new AvailabilityChanged(changed.Id, 4, 2500, "eur", Withdrawn: false, 0));
        await Platform.Broker.PublishAsync(new ListingCorrected(changed.Id, 7, 1));
        await HearAsync(told => told.TicketId == changed.Id && told.Available == 7);
        (await DeleteAsync(changed)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await HearAsync(told => told.TicketId == changed.Id && told.Withdrawn);
        await Platform.Broker.PublishAsync(new UserDeleted(seller));
        await HearAsync(told => told.TicketId == formers.Id && told.Withdrawn);
    }

    /// <summary>
    /// Two transactions, of which the one that began first ends last. The control is xmax, which is the same before and after that.
    /// </summary>
    [Fact]
    public async Task What_was_read_later_has_the_higher_version()
    {
        var listing = await ListAsync(quantity: 1_000);
        var database = Tickets.Services.GetRequiredService<NpgsqlDataSource>();
        long before, after;
        var attempts = 0;
        do
        {
            // On the tests' server other transactions go on, and move it too.
            attempts++.ShouldBeLessThan(100);
            await using var first = await Platform.OpenAsync("tickets");
            await using var transaction = await first.BeginTransactionAsync();
            await first.ExecuteAsync("UPDATE tickets SET held = held + 1 WHERE id = @Id", listing, transaction);
            await using var second = await Platform.OpenAsync("tickets");
            await second.ExecuteAsync("SELECT pg_current_xact_id()");

            before = await XmaxAsync(second);
            var earlier = (await AvailabilityPublisher.ReadAsync(database, [listing.Id], CancellationToken.None)).ShouldHaveSingleItem();
            await transaction.CommitAsync();
            var later = (await AvailabilityPublisher.ReadAsync(database, [listing.Id], CancellationToken.None)).ShouldHaveSingleItem();
            after = await XmaxAsync(second);

            later.Available.ShouldBe(earlier.Available - 1);
            later.Version.ShouldBeGreaterThan(earlier.Version);
        }
        while (before != after);

        static Task<long> XmaxAsync(NpgsqlConnection connection) =>
            connection.ExecuteScalarAsync<long>("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
    }

    [Fact]
    public async Task What_could_not_be_told_is_told_when_it_can()
    {
        // Divides by zero for as long as nobody has left.
        var failure = new Mutation(
            "tickets",
            "FROM tickets CROSS JOIN moment",
            "FROM tickets JOIN (SELECT count(*) AS count FROM former_sellers) AS former ON 1 / former.count > 0 CROSS JOIN moment");
        await using var own = new TicketsFixture(servers) { Without = [failure] };
        await own.InitializeAsync();
        var seller = Guid.CreateVersion7();
        using var client = own.Tickets.As(seller);
        using var answer = await client.PostAsync("/api/tickets", JsonContent.Create(new { title = "Concert", price = 20, quantity = 5 }));
        var id = answer.Headers.Location!.ToString().Split('/')[^1];

        using var change = await client.PutAsync($"/api/tickets/{id}", JsonContent.Create(new { price = 25 }));
        await Eventually.HoldsAsync(() => Task.FromResult(failure.Applied > 0), "it was tried");
        own.Platform.Broker.Heard<AvailabilityChanged>().ShouldBeEmpty();
        await using (var connection = await own.Platform.OpenAsync("tickets"))
            await connection.ExecuteAsync("INSERT INTO former_sellers (id) VALUES (gen_random_uuid())");

        (await own.Platform.Broker.HearAsync<AvailabilityChanged>(told => $"{told.TicketId}" == id)).Price.ShouldBe(2500);
    }

    private Task<AvailabilityChanged> HearAsync(Func<AvailabilityChanged, bool> match) => Platform.Broker.HearAsync(match);
}
