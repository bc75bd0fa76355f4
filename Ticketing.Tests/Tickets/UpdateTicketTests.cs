using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dapper;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Tickets;

public sealed class UpdateTicketTests(TicketsFixture fixture) : TicketsTests(fixture)
{
    private static readonly DateTimeOffset Start = new(2130, 5, 1, 18, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Fields_left_out_stay_and_null_clears_an_optional_one()
    {
        var listing = await ListAsync(quantity: 3, venue: "Olympia", startsAt: Start);

        var priced = await ChangeAsync(listing, """{"price":"25.50"}""");
        priced.ShouldBe(listing with { Price = 25.50m, Version = 1 });
        var cleared = await ChangeAsync(listing, """{"venue":null,"startsAt":null,"title":"New","quantity":5}""");
        cleared.ShouldBe(priced with { Venue = null, StartsAt = null, Title = "New", Quantity = 5, Available = 5, Version = 2 });
        (await ChangeAsync(listing, """{"description":"More","currency":"eur"}"""))
            .ShouldBe(cleared with { Description = "More", Currency = "eur", Version = 3 });

        (await SeeAsync(listing)).Version.ShouldBe(3);
        foreach (var version in new[] { 1, 2, 3 })
            await Platform.Broker.HearAsync<TicketUpdated>(told => told.Listing.Id == listing.Id && told.Listing.Version == version);
    }

    [Theory]
    [InlineData("""{"title":null}""", "title")]
    [InlineData("""{"title":" "}""", "title")]
    [InlineData("""{"price":null}""", "price")]
    [InlineData("""{"price":19.999}""", "price")]
    [InlineData("""{"quantity":null}""", "quantity")]
    [InlineData("""{"quantity":-1}""", "quantity")]
    [InlineData("""{"currency":null}""", "currency")]
    [InlineData("""{"venue":5}""", "venue")]
    [InlineData("""{"startsAt":"2001-01-01T00:00:00Z"}""", "startsAt")]
    [InlineData("""{"title":"\u200b"}""", "title")]
    [InlineData("""{"maxPerBuyer":null}""", "maxPerBuyer")]
    [InlineData("""{"maxPerBuyer":1001}""", "maxPerBuyer")]
    [InlineData("""{"version":"old"}""", "version")]
    public async Task A_wrong_field_is_named_and_nothing_changes(string change, string field)
    {
        var listing = await ListAsync();
        await (await PutAsync(listing, change)).ShouldBeProblemAsync(HttpStatusCode.BadRequest, field);
        (await SeeAsync(listing)).ShouldBe(listing);
    }

    [Fact]
    public async Task A_start_that_has_passed_meanwhile_may_stay_but_not_become_another_one_in_the_past()
    {
        var soon = Platform.Clock.GetUtcNow().AddMinutes(1);
        var listing = await ListAsync(startsAt: soon);
        Platform.Clock.Turn(TimeSpan.FromMinutes(2));

        await ChangeAsync(listing, new { title = "Changed", startsAt = listing.StartsAt });
        await (await PutAsync(listing, new { startsAt = soon.AddSeconds(1) }))
            .ShouldBeProblemAsync(HttpStatusCode.BadRequest, "startsAt");
        (await ChangeAsync(listing, new { startsAt = Start })).StartsAt.ShouldBe(Start);
    }

    [Fact]
    public async Task The_checks_come_in_the_contracts_order()
    {
        var listing = await ListAsync();
        await HoldAsync(listing);
        using var seller = Tickets.As(listing.UserId);
        using var stranger = Tickets.As(Guid.CreateVersion7());
        using var nobody = Tickets.Anonymous();
        var (wrong, past, right) = (new { price = -1 }, new { startsAt = DateTimeOffset.UnixEpoch }, new { price = 1 });
        var (known, unknown, malformed) =
            ($"/api/tickets/{listing.Id}", $"/api/tickets/{Guid.CreateVersion7()}", "/api/tickets/no-id");

        foreach (var path in new[] { known, unknown, malformed })
            await (await nobody.PutAsJsonAsync(path, wrong)).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        foreach (var path in new[] { known, unknown, malformed })
            await (await stranger.PutAsJsonAsync(path, wrong)).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "price");
        await (await stranger.PutAsJsonAsync(unknown, past)).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "startsAt");
        await (await stranger.PutAsJsonAsync(malformed, right)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await stranger.PutAsJsonAsync(unknown, right)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await stranger.PutAsJsonAsync(known, right)).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        (await (await seller.PutAsJsonAsync(known, right)).ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldContain("reserved");
    }

    [Fact]
    public async Task While_any_is_reserved_nothing_changes_and_afterwards_it_does()
    {
        var listing = await ListAsync(quantity: 10);
        var order = await HoldAsync(listing, 2);

        await (await PutAsync(listing, new { price = 30 })).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        (await SeeAsync(listing)).ShouldBe(listing with { Available = 8 });

        await FreeAsync(order);
        (await ChangeAsync(listing, new { price = 30 })).Available.ShouldBe(10);
    }

    [Fact]
    public async Task The_quantity_cannot_fall_below_what_is_sold()
    {
        var listing = await ListAsync(quantity: 10);
        await SellAsync(await HoldAsync(listing, 4));

        (await (await PutAsync(listing, new { quantity = 3 })).ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldContain("4");
        (await ChangeAsync(listing, new { quantity = 4 })).Available.ShouldBe(0);
    }

    [Fact]
    public async Task An_edit_of_a_version_that_is_old_is_told_the_new_one_and_changes_nothing()
    {
        var listing = await ListAsync();
        var priced = await ChangeAsync(listing, new { price = 25, version = 0 });

        using var late = await PutAsync(listing, new { title = "Koncert", price = 10, version = 0 });
        (await late.ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldStartWith("This listing was changed since you saw it.");
        (await late.Content.ReadFromJsonAsync<JsonNode>())!["currentVersion"]!.GetValue<int>().ShouldBe(1);
        (await SeeAsync(listing)).ShouldBe(priced);

        await ChangeAsync(listing, new { title = "Koncert", version = 1 });
        // To a stranger it says nothing of versions.
        await (await PutAsync(listing, new { title = "Mine", version = 0 }, by: Guid.CreateVersion7()))
            .ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Of_two_edits_of_the_same_version_at_the_same_time_one_is_made()
    {
        var listing = await ListAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => PutAsync(listing, new { title = $"T{i}", version = 0 })));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.BadRequest).ShouldBe(9);
        (await SeeAsync(listing)).Version.ShouldBe(1);
    }

    [Fact]
    public async Task How_many_a_buyer_may_have_can_be_changed_in_the_middle_of_a_sale()
    {
        var listing = await ListAsync(quantity: 10);
        listing.MaxPerBuyer.ShouldBe(10);
        await HoldAsync(listing);

        (await ChangeAsync(listing, new { maxPerBuyer = 4, version = 0 })).MaxPerBuyer.ShouldBe(4);

        (await Platform.Broker.HearAsync<TicketUpdated>(told => told.Listing.Id == listing.Id)).Listing.MaxPerBuyer.ShouldBe(4);
        await (await PutAsync(listing, new { maxPerBuyer = 5, price = 1 })).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Who_waits_too_long_for_others_who_change_the_listing_is_told_that_it_is_busy()
    {
        var listing = await ListAsync();
        await using var connection = await Platform.OpenAsync("tickets");
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("SELECT FROM tickets WHERE id = @Id FOR UPDATE", new { listing.Id }, transaction);

        using var answer = await PutAsync(listing, new { price = 30 });

        (await answer.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable)).ShouldStartWith("Others are changing the same thing");
        answer.Headers.RetryAfter!.Delta.ShouldNotBeNull();
        await transaction.RollbackAsync();
        (await SeeAsync(listing)).ShouldBe(listing);
    }

    [Fact]
    public async Task Edits_at_the_same_time_all_count()
    {
        var listing = await ListAsync();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => PutAsync(listing, i % 2 == 0 ? new { title = $"T{i}" } : (object)new { venue = $"V{i}" })));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        var versions = await Task.WhenAll(answers.Select(async answer => (await answer.Content.ReadFromJsonAsync<TicketResponse>())!.Version));
        versions.Order().ShouldBe(Enumerable.Range(1, 20));
        var last = await SeeAsync(listing);
        last.Title.ShouldStartWith("T");
        last.Venue.ShouldNotBeNull().ShouldStartWith("V");
    }

    [Fact]
    public async Task A_withdrawal_and_an_edit_at_the_same_time_never_bring_it_back()
    {
        for (var i = 0; i < 20; i++)
        {
            var listing = await ListAsync();
            var answers = await Task.WhenAll(PutAsync(listing, new { title = "Edited" }), DeleteAsync(listing));
            answers[1].StatusCode.ShouldBe(HttpStatusCode.NoContent);
            answers[0].StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.NotFound);

            var told = await Platform.Broker.HearAsync<TicketDeleted>(deleted => deleted.Listing.Id == listing.Id);
            told.Listing.Version.ShouldBe(answers[0].StatusCode == HttpStatusCode.OK ? 2 : 1);
        }
    }

    private async Task<TicketResponse> ChangeAsync(TicketResponse listing, object change)
    {
        using var answer = await PutAsync(listing, change);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        var changed = (await answer.Content.ReadFromJsonAsync<TicketResponse>())!;
        (await SeeAsync(listing)).ShouldBe(changed);
        return changed;
    }
}
