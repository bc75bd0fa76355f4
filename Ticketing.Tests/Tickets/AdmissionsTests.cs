using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Tickets;

/// <summary>What a paid order gives its buyer.</summary>
public sealed class AdmissionsTests(TicketsFixture fixture) : TicketsTests(fixture)
{
    [Fact]
    public async Task A_paid_order_has_a_code_per_ticket_that_anybody_can_verify_offline()
    {
        var listing = await ListAsync(quantity: 10);
        var order = await BuyAsync(listing, 3);

        using var answer = await LookAsync(order);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var admissions = (await answer.Content.ReadFromJsonAsync<AdmissionResponse[]>())!;

        admissions.Select(admission => (admission.Number, admission.Quantity, admission.CheckedInAt))
            .ShouldBe([(1, 3, null), (2, 3, null), (3, 3, null)]);
        admissions.Select(admission => admission.Code).ShouldBeUnique();
        using var anybody = Tickets.Anonymous();
        var keys = await anybody.GetStringAsync("/api/tickets/admissions/jwks.json");
        keys.ShouldNotContain("\"d\"");
        var door = new OfflineDoor(JsonNode.Parse(keys)!);
        foreach (var admission in admissions)
        {
            admission.Token.Length.ShouldBeLessThanOrEqualTo(230, "a QR code of it is still easily read");
            door.Read(admission.Token).ShouldBe((admission.Code.Replace("-", ""), listing.Id, admission.Number));
        }
        var (first, second) = (admissions[0].Token.Split('.'), admissions[1].Token.Split('.'));
        // Doors that were built after docs/contract.md read just this.
        Text(first[0]).ShouldMatch("""^{"alg":"ES256","kid":"[A-Za-z0-9_-]{8}","typ":"adm"}$""");
        Text(first[1]).ShouldMatch("""^{"jti":"[0-9A-Z]{12}","tkt":"[A-Za-z0-9_-]{22}","n":1}$""");
        // The control: the door does look at the signature.
        door.Read($"{first[0]}.{second[1]}.{first[2]}").ShouldBeNull();
    }

    [Fact]
    public async Task All_who_look_at_the_same_time_and_later_at_any_replica_see_the_same_codes()
    {
        var order = await BuyAsync(await ListAsync(quantity: 10), 10);
        var replica = await Platform.StartAsync<Ticketing.Tickets.Listing>();

        var looks = await Task.WhenAll(Enumerable.Range(0, 20).Select(async number =>
        {
            using var client = (number % 2 == 0 ? Tickets : replica).As(order.UserId);
            return await client.GetFromJsonAsync<AdmissionResponse[]>($"/api/tickets/admissions/{order.Id}");
        }));

        foreach (var look in looks)
            look!.Select(admission => admission.Code).ShouldBe(looks[0]!.Select(admission => admission.Code));
        await using var connection = await Platform.OpenAsync("tickets");
        (await connection.QuerySingleAsync<(long, long)>(
            "SELECT (SELECT count(*) FROM admissions WHERE order_id = @Id), (SELECT count(*) FROM admission_keys)", new { order.Id }))
            .ShouldBe((10, 1));
    }

    [Fact]
    public async Task An_order_that_is_not_paid_or_taken_back_has_no_codes()
    {
        var held = await HoldAsync(await ListAsync());
        (await (await LookAsync(held)).ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldContain("not paid");

        await SellAsync(held);
        (await LookAsync(held)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await FreeAsync(held with { Version = 1 });
        (await (await LookAsync(held)).ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldContain("no tickets");
    }

    [Fact]
    public async Task The_checks_come_in_the_contracts_order()
    {
        var order = await BuyAsync(await ListAsync());
        using var nobody = Tickets.Anonymous();
        using var buyer = Tickets.As(order.UserId);

        await (await nobody.GetAsync("/api/tickets/admissions/no-id")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        await (await buyer.GetAsync("/api/tickets/admissions/no-id")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await buyer.GetAsync($"/api/tickets/admissions/{Guid.CreateVersion7()}")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await LookAsync(order, Guid.CreateVersion7())).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
    }

    /// <summary>A reservation that was entered before anybody noted whose it is belongs to nobody until it is told again.</summary>
    [Fact]
    public async Task An_order_of_an_older_version_has_codes_once_it_was_told_again()
    {
        var order = await BuyAsync(await ListAsync());
        await using var connection = await Platform.OpenAsync("tickets");
        // The whole of what an older version did not write.
        await connection.ExecuteAsync("UPDATE reservations SET user_id = NULL WHERE order_id = @Id", new { order.Id });
        await connection.ExecuteAsync(
            """
            DO $$ BEGIN
                UPDATE reservations SET amount = NULL WHERE user_id IS NULL;
            EXCEPTION WHEN undefined_column THEN NULL;
            END $$
            """);
        await (await LookAsync(order)).ShouldBeProblemAsync(HttpStatusCode.NotFound);

        await Platform.Broker.PublishAsync(new OrderCompleted(order));
        await Eventually.BecomesAsync(async () => (await LookAsync(order)).StatusCode, HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_buyer_keeps_date_and_venue_of_a_listing_that_was_withdrawn_and_nobody_else_does()
    {
        var listing = await ListAsync(quantity: 5, title: "Hamlet", venue: "Globe", startsAt: new(2130, 5, 1, 18, 0, 0, TimeSpan.Zero));
        var (held, sold) = (await HoldAsync(listing), await BuyAsync(listing));
        (await ReadAsync(sold)).ShouldBe(await SeeAsync(listing));

        await Platform.Broker.PublishAsync(new UserDeleted(listing.UserId));
        await Platform.Broker.HearAsync<TicketDeleted>(told => told.Listing.Id == listing.Id);

        foreach (var order in new[] { held, sold })
        {
            var kept = (await ReadAsync(order))!;
            (kept.Title, kept.Venue, kept.StartsAt, kept.Withdrawn).ShouldBe(("Hamlet", "Globe", listing.StartsAt, true));
        }
        using var anybody = Tickets.Anonymous();
        await (await anybody.GetAsync($"/api/tickets/{listing.Id}")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        (await anybody.GetStringAsync($"/api/tickets?ids={listing.Id}")).ShouldBe("[]");
        await (await LookAtTicketAsync(sold, Guid.CreateVersion7())).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        await (await LookAtTicketAsync(sold with { Id = Guid.CreateVersion7() })).ShouldBeProblemAsync(HttpStatusCode.NotFound);

        async Task<TicketResponse?> ReadAsync(OrderState order) =>
            await (await LookAtTicketAsync(order)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<TicketResponse>();
    }

    private async Task<HttpResponseMessage> LookAtTicketAsync(OrderState order, Guid? by = null)
    {
        using var client = Tickets.As(by ?? order.UserId);
        return await client.GetAsync($"/api/tickets/admissions/{order.Id}/ticket");
    }

    private async Task<HttpResponseMessage> LookAsync(OrderState order, Guid? by = null)
    {
        using var client = Tickets.As(by ?? order.UserId);
        return await client.GetAsync($"/api/tickets/admissions/{order.Id}");
    }

    private static string Text(string segment) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(segment));
}
