using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Tickets;

public sealed class CreateTicketTests(TicketsFixture fixture) : TicketsTests(fixture)
{
    [Fact]
    public async Task A_listing_is_answered_as_the_next_read_shows_it()
    {
        using var answer = await PostAsync(
            """
            {"title":" Jazz ","price":"19.90","quantity":3,"venue":"Olympia","startsAt":"2130-05-01T20:00:00.1234567+02:00","description":"Late."}
            """);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        var created = await answer.Content.ReadAsStringAsync();

        using var client = Tickets.Anonymous();
        (await client.GetStringAsync(answer.Headers.Location)).ShouldBe(created);
        created.ShouldContain("\"price\":19.90,");
        var fields = JsonNode.Parse(created)!.AsObject();
        fields.Select(field => field.Key).ShouldBe(
            [
                "id", "title", "price", "currency", "quantity", "available", "userId", "version", "venue", "startsAt",
                "description", "createdAt", "maxPerBuyer",
            ],
            ignoreOrder: true);
        fields["title"]!.ToString().ShouldBe("Jazz");
        fields["startsAt"]!.ToString().ShouldBe("2130-05-01T18:00:00.123456Z");
        fields["createdAt"]!.ToString().ShouldEndWith("Z");
    }

    [Fact]
    public async Task One_ticket_in_dollars_is_what_is_listed_unless_said_otherwise()
    {
        var seller = Guid.CreateVersion7();
        using var answer = await PostAsync(new { title = "Opera", price = 5 }, seller);
        var listing = (await answer.Content.ReadFromJsonAsync<TicketResponse>())!;

        listing.ShouldBe(new TicketResponse(
            listing.Id, "Opera", 5.00m, "usd", 1, 1, seller, 0, null, null, null, null, listing.CreatedAt));
        listing.Id.Version.ShouldBe(7);
    }

    [Fact]
    public async Task The_event_carries_the_whole_listing()
    {
        var start = new DateTimeOffset(2130, 5, 1, 18, 0, 0, TimeSpan.Zero).AddMicroseconds(5);
        var listing = await ListAsync(quantity: 7, title: "Fête", venue: "Le \"Zénith\"", startsAt: start);

        var told = await Platform.Broker.HearAsync<TicketCreated>(created => created.Listing.Id == listing.Id);
        told.Listing.ShouldBe(new ListingState(
            listing.Id, listing.UserId, "Fête", 1999, "usd", 7, "Le \"Zénith\"", start, null, listing.CreatedAt, 0, MaxPerBuyer: ListingState.DefaultMaxPerBuyer));
    }

    [Theory]
    [InlineData("""{"price":1}""", "title")]
    [InlineData("""{"title":null,"price":1}""", "title")]
    [InlineData("""{"title":5,"price":1}""", "title")]
    [InlineData("""{"title":"\ud800","price":1}""", "title")]
    [InlineData("""{"title":"x"}""", "price")]
    [InlineData("""{"title":"x","price":null}""", "price")]
    [InlineData("""{"title":"x","price":"1e2"}""", "price")]
    [InlineData("""{"title":"x","price":"NaN"}""", "price")]
    [InlineData("""{"title":"x","price":""}""", "price")]
    [InlineData("""{"title":"x","price":true}""", "price")]
    [InlineData("""{"title":"x","price":-0.01}""", "price")]
    [InlineData("""{"title":"x","price":0.001}""", "price")]
    [InlineData("""{"title":"x","price":1000000.01}""", "price")]
    [InlineData("""{"title":"x","price":1.00000000000000000000000000000001}""", "price")]
    [InlineData("""{"title":"x","price":1,"quantity":0}""", "quantity")]
    [InlineData("""{"title":"x","price":1,"quantity":1.5}""", "quantity")]
    [InlineData("""{"title":"x","price":1,"quantity":99999999999999999999}""", "quantity")]
    [InlineData("""{"title":"x","price":1,"currency":"jpy"}""", "currency")]
    [InlineData("""{"title":"x","price":1,"venue":"a\u0000"}""", "venue")]
    [InlineData("""{"title":"x","price":1,"description":"a\u0000"}""", "description")]
    [InlineData("""{"title":"x","price":1,"startsAt":"2001-01-01T00:00:00Z"}""", "startsAt")]
    [InlineData("""{"title":"x","price":1,"startsAt":"tomorrow"}""", "startsAt")]
    [InlineData("""{"title":"x","price":1,"startsAt":"9999-12-31T23:59:59.9999999Z"}""", "startsAt")]
    [InlineData("""{"title":"x","price":1,"startsAt":"9999-12-31T23:59:59-12:00"}""", "startsAt")]
    public async Task A_wrong_field_is_named(string listing, string field) =>
        await (await PostAsync(listing)).ShouldBeProblemAsync(HttpStatusCode.BadRequest, field);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"title\"")]
    [InlineData("""{"title":"x","title":"y","price":1}""")]
    public async Task A_body_that_is_no_listing_is_refused(string body) =>
        await (await PostAsync(body)).ShouldBeProblemAsync(HttpStatusCode.BadRequest);

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once()
    {
        using var answer = await PostAsync(new { title = "", price = -1, quantity = 0, startsAt = DateTimeOffset.UnixEpoch });
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        problem["errors"]!.AsArray().Select(error => error!["field"]!.ToString())
            .ShouldBe(["title", "price", "quantity", "startsAt"]);
    }

    [Fact]
    public async Task A_body_over_64_KiB_is_too_large() =>
        await (await PostAsync(new { title = "x", price = 1, description = new string('x', 65_536) }))
            .ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge);

    [Fact]
    public async Task Without_a_session_nothing_else_is_looked_at()
    {
        using var nobody = Tickets.Anonymous();
        await (await nobody.PostAsync("/api/tickets", new StringContent("{"))).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Unknown_and_malformed_ids_are_not_found()
    {
        using var client = Tickets.Anonymous();
        await (await client.GetAsync($"/api/tickets/{Guid.CreateVersion7()}")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await client.GetAsync("/api/tickets/no-id")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await client.GetAsync($"/api/tickets/{Guid.CreateVersion7():N}")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }
}
