using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Quartz;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tickets;
using Ticketing.Tickets.Sales;
using Ticketing.Tickets.Watches;
using Xunit;

namespace Ticketing.Tests.Tickets;

/// <summary>What Tickets does all the time reads no table that grows from end to end.</summary>
public sealed class RegularQueriesTests(Servers servers)
{
    private static readonly string[] Growing =
        ["tickets", "reservations", "sales", "price_changes", "admissions", "watches", "notifications", "outbox", "check_in_totals"];

    private const string Fill =
        """
        INSERT INTO tickets (id, seller_id, title, price, currency, quantity, starts_at, created_at, buyers_per_minute)
        SELECT gen_random_uuid(), gen_random_uuid(), 'Concert ' || n, n, 'usd', 10, now() + (n - 100) * interval '1 minute', now(),
            CASE WHEN n % 1000 = 0 THEN 60 END
        FROM generate_series(1, 20000) AS n;
        INSERT INTO reservations (order_id, ticket_id, quantity, state, version, user_id, amount, currency, sold_at)
        SELECT
            encode(substring(int8send((extract(epoch FROM at) * 1000)::bigint) FROM 3) || substring(uuid_send(gen_random_uuid()) FROM 7), 'hex')::uuid,
            (SELECT id FROM tickets LIMIT 1), 1, state, 1, gen_random_uuid(), 100, 'usd', CASE state WHEN 'sold' THEN at END
        FROM generate_series(1, 60000) AS n
        CROSS JOIN LATERAL (SELECT
            now() - CASE n % 10 WHEN 0 THEN interval '40 days' ELSE interval '20 days' END AS at,
            CASE WHEN n % 10 < 3 THEN 'freed' ELSE 'sold' END AS state) AS made;
        INSERT INTO sales SELECT seller_id, current_date, id, 'usd', 1, 100 FROM tickets;
        INSERT INTO price_changes SELECT id, 1, now() - CASE WHEN price % 30 = 0 THEN interval '40 days' ELSE interval '1 day' END, 1, 'usd', 2, 'usd' FROM tickets;
        INSERT INTO admissions (order_id, number, ticket_id, code, code_hash, checked_in_at)
        SELECT order_id, 1, ticket_id, order_id::text, sha256(uuid_send(order_id)), now() FROM reservations WHERE state = 'sold' LIMIT 20000;
        INSERT INTO check_in_totals SELECT id, 1 FROM tickets;
        INSERT INTO watches SELECT id, gen_random_uuid(), now() - CASE WHEN price % 30 = 0 THEN interval '200 days' ELSE interval '1 day' END FROM tickets;
        INSERT INTO notifications
        SELECT gen_random_uuid(), user_id, ticket_id, 'Concert', created_at, NULL FROM watches;
        INSERT INTO outbox (type, body, next_attempt_at) SELECT 'TicketUpdated', '{}', 'infinity' FROM generate_series(1, 5000)
        """;

    [Fact]
    public async Task They_read_no_growing_table_from_end_to_end() => (await ScannedAsync(Fill)).ShouldBeEmpty();

    [Fact]
    public async Task Control_without_an_index_the_scan_is_seen() =>
        (await ScannedAsync($"{Fill}; DROP INDEX price_changes_by_age, tickets_sales_to_end")).ShouldBe(["price_changes", "tickets"]);

    private async Task<IReadOnlyList<string>> ScannedAsync(string fill)
    {
        await using var platform = await TestPlatform.CreateAsync(servers, "tickets");
        return await TableScans.OfAsync<Listing>(platform, "tickets", Growing, fill, async tickets =>
        {
            var user = Guid.CreateVersion7();
            using var client = tickets.As(user);
            using var answer = await client.PostAsJsonAsync("/api/tickets", new { title = "Concert", price = 20, quantity = 2 });
            var listing = (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<TicketResponse>())!;
            (await client.PutAsJsonAsync($"/api/tickets/{listing.Id}", new { price = 30 })).EnsureSuccessStatusCode();

            var (freed, sold) = (TicketsTests.Order(listing.Id, OrderStatus.Created, 0, 2), TicketsTests.Order(listing.Id, OrderStatus.Created, 0));
            await platform.Broker.PublishAsync(new OrderCreated(freed));
            using var waiting = tickets.As(Guid.CreateVersion7());
            await Eventually.HoldsAsync(
                async () => (await waiting.PutAsync($"/api/tickets/{listing.Id}/watch", null)).IsSuccessStatusCode, "it is waited for");
            await platform.Broker.PublishAsync(new OrderCancelled(freed with { Status = OrderStatus.Cancelled, Version = 1 }));
            await platform.Broker.HearAsync<BackOnSale>(back => back.TicketId == listing.Id);
            await platform.Broker.PublishAsync(new OrderCompleted(
                sold with { UserId = user, Status = OrderStatus.Complete, Version = 1, CompletedAt = platform.Clock.GetUtcNow() }));
            AdmissionResponse[]? admissions = null;
            await Eventually.HoldsAsync(async () => (admissions = await AdmissionsAsync()) is not null, "it is sold");
            (await client.PostAsJsonAsync($"/api/tickets/{listing.Id}/check-ins", new { code = admissions![0].Code })).EnsureSuccessStatusCode();
            await platform.Broker.PublishAsync(new ListingCorrected(listing.Id, 3, 1));
            await platform.Broker.PublishAsync(new UserDeleted(Guid.CreateVersion7()));

            foreach (var path in (string[])
                [
                    "", $"/{listing.Id}", $"/{listing.Id}/prices", $"/{listing.Id}/check-ins", $"/{listing.Id}/watch", "/sales", "/sales/listings",
                    "/sales/entries", "/watches", "/notifications", $"?seller={user}", "?q=concert", "?sort=soonest", "?sort=price-asc",
                ])
            {
                (await client.GetAsync($"/api/tickets{path}")).EnsureSuccessStatusCode();
            }
            (await client.GetAsync("/internal/rooms")).EnsureSuccessStatusCode();
            foreach (var job in (Type[])
                [typeof(EndSales), typeof(TellRemainingWatchers), typeof(ForgetNotifications), typeof(ForgetReservations), typeof(ForgetPriceChanges)])
            {
                await ((IJob)ActivatorUtilities.CreateInstance(tickets.Services, job)).Execute(null!, TestContext.Current.CancellationToken);
            }
            await using var connection = await platform.OpenAsync("tickets");
            await Eventually.HoldsAsync(
                async () => await connection.ExecuteScalarAsync<int>("SELECT quantity FROM tickets WHERE id = @Id", new { listing.Id }) == 3, "it is corrected");

            async Task<AdmissionResponse[]?> AdmissionsAsync()
            {
                using var answer = await client.GetAsync($"/api/tickets/admissions/{sold.Id}");
                return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<AdmissionResponse[]>() : null;
            }
        });
    }
}
