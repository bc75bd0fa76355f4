using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Tickets;

/// <summary>The door.</summary>
public sealed class CheckInTests(Servers servers, TicketsFixture fixture) : TicketsTests(fixture)
{
    [Fact]
    public async Task A_code_opens_once_scanned_or_typed()
    {
        var listing = await ListAsync(quantity: 10);
        var order = await BuyAsync(listing, 2);
        var codes = await CodesAsync(order);

        var first = await InAsync(listing, codes[0].Token);
        var second = await InAsync(listing, codes[1].Code.ToLowerInvariant().Replace('-', ' '));

        first.ShouldBe(new CheckInResponse(codes[0].Code, 1, 2, first.CheckedInAt));
        second.ShouldBe(new CheckInResponse(codes[1].Code, 2, 2, second.CheckedInAt));
        foreach (var again in new[] { codes[0].Token, codes[0].Code, (await CodesAsync(order))[0].Token })
        {
            var (reason, message, at) = await RefusedAsync(listing, again);
            (reason, at).ShouldBe((CheckInRefusal.Used, first.CheckedInAt));
            message.ShouldStartWith($"Already used at {first.CheckedInAt:yyyy-MM-dd HH:mm:ss} UTC, ");
        }
        (await CodesAsync(order)).Select(code => code.CheckedInAt).ShouldBe([first.CheckedInAt, second.CheckedInAt]);
        var list = await ListCheckInsAsync(listing);
        (list.CheckedIn, list.Sold).ShouldBe((2, 2));
        list.Latest.ShouldBe([second, first]);
    }

    /// <summary>
    /// The seller's withdrawal and a buyer's order cross on the way: neither service could know of the other's yet, and the order
    /// is paid. Or the seller's account is deleted, while the session of the one at the door is good for some minutes more.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_sold_opens_the_door_of_a_listing_that_was_withdrawn(bool accountDeleted)
    {
        var listing = await ListAsync(quantity: 10, title: "Hamlet");
        if (accountDeleted)
        {
            await Platform.Broker.PublishAsync(new UserDeleted(listing.UserId));
            await Platform.Broker.HearAsync<TicketDeleted>(told => told.Listing.Id == listing.Id);
        }
        else
        {
            (await DeleteAsync(listing)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }
        var codes = await CodesAsync(await BuyAsync(listing, 2));

        var opened = await InAsync(listing, codes[0].Token);

        (await RefusedAsync(listing, codes[0].Code)).Reason.ShouldBe(CheckInRefusal.Used);
        var list = await ListCheckInsAsync(listing);
        (list.CheckedIn, list.Sold, list.Title).ShouldBe((1, 2, "Hamlet"));
        list.Latest.ShouldBe([opened]);
        using var stranger = Tickets.As(Guid.CreateVersion7());
        await (await PostAsync(stranger, $"{listing.Id}", codes[1].Code)).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_wrong_forged_foreign_or_refunded_code_is_refused_with_the_reason_and_changes_nothing()
    {
        var listing = await ListAsync(quantity: 10);
        var order = await BuyAsync(listing, 3);
        var code = (await CodesAsync(order))[0];
        var others = await ListAsync(seller: listing.UserId);
        var foreign = (await CodesAsync(await BuyAsync(others)))[0];
        var strangers = (await CodesAsync(await BuyAsync(await ListAsync())))[0];
        var parts = code.Token.Split('.');

        foreach (var (wrong, reason) in new (string, string)[]
        {
            ("nonsense", CheckInRefusal.Malformed),
            ("7K3M-X9QH-2RT", CheckInRefusal.Malformed),
            ("7K3M-X9QH-2RTV", CheckInRefusal.Unknown),
            ("https://evil.example/a.b", CheckInRefusal.Malformed),
            (Platform.Users.Sign(parts[0], parts[1]), CheckInRefusal.Forged),
            ($"{parts[0]}.{parts[1]}.{foreign.Token.Split('.')[2]}", CheckInRefusal.Forged),
            ($"{Segment("""{"alg":"none","kid":"x","typ":"adm"}""")}.{parts[1]}.", CheckInRefusal.Malformed),
            ($"{parts[0]}.{parts[1]}.{parts[2]}=", CheckInRefusal.Malformed),
            (Platform.Users.TokenFor(listing.UserId, Platform.Clock.GetUtcNow()), CheckInRefusal.Malformed),
            (foreign.Token, CheckInRefusal.Foreign),
            (foreign.Code, CheckInRefusal.Foreign),
            (strangers.Token, CheckInRefusal.Foreign),
            (strangers.Code, CheckInRefusal.Foreign),
        })
        {
            (await RefusedAsync(listing, wrong)).Reason.ShouldBe(reason, wrong);
        }
        await FreeAsync(order);
        foreach (var refunded in new[] { code.Token, code.Code })
            (await RefusedAsync(listing, refunded)).Reason.ShouldBe(CheckInRefusal.Refunded);

        (await ListCheckInsAsync(listing)).CheckedIn.ShouldBe(0);
        (await ListCheckInsAsync(others)).CheckedIn.ShouldBe(0);
        // The control: at its own door the foreign one is good.
        await InAsync(others, foreign.Token);
    }

    [Fact]
    public async Task A_genuine_scanned_code_that_was_cut_or_changed_on_its_way_is_never_forged()
    {
        var listing = await ListAsync();
        var token = (await CodesAsync(await BuyAsync(listing)))[0].Token;

        foreach (var cut in Enumerable.Range(1, token.Length - 1).SelectMany(at => new[] { token[..at], token[at..] }))
        {
            // So few characters can be those of a code for typing.
            (await RefusedAsync(listing, cut)).Reason
                .ShouldBeOneOf(cut.Length is >= 12 and <= 14 ? [CheckInRefusal.Malformed, CheckInRefusal.Unknown] : [CheckInRefusal.Malformed]);
        }
        foreach (var changed in new[]
        {
            token + token,
            token.Replace('y', '\n').Replace('z', 'y').Replace('\n', 'z'),
            string.Concat(token.Select(letter => char.IsUpper(letter) ? char.ToLowerInvariant(letter) : char.ToUpperInvariant(letter))),
        })
        {
            (await RefusedAsync(listing, changed)).Reason.ShouldBe(CheckInRefusal.Malformed, changed);
        }
        // The control: whole, it opens.
        await InAsync(listing, token);
    }

    [Fact]
    public async Task A_lost_answer_is_asked_for_again_by_the_same_attempt_and_is_the_same_success()
    {
        var listing = await ListAsync(quantity: 10);
        var codes = await CodesAsync(await BuyAsync(listing, 2));
        var attempt = Guid.NewGuid().ToString();

        var first = await InAsync(listing, codes[0].Token, attempt, "North entrance");
        first.Door.ShouldBe("North entrance");
        Platform.Clock.Turn(TimeSpan.FromSeconds(90));
        foreach (var spelling in new[] { codes[0].Token, codes[0].Code })
            (await InAsync(listing, spelling, attempt, "South entrance")).ShouldBe(first);
        (await ListCheckInsAsync(listing)).CheckedIn.ShouldBe(1);
        (await ListCheckInsAsync(listing)).Latest.ShouldBe([first]);

        // A real second use is told how long ago and where the first was.
        foreach (var another in new[] { null, Guid.NewGuid().ToString() })
        {
            using var answer = await ScanAsync(listing, codes[0].Token, another);
            (await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldEndWith(" s ago, at: North entrance.");
            var problem = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
            problem["reason"]!.GetValue<string>().ShouldBe(CheckInRefusal.Used);
            problem["checkedInAt"]!.GetValue<DateTimeOffset>().ShouldBe(first.CheckedInAt);
            problem["secondsAgo"]!.GetValue<long>().ShouldBeGreaterThanOrEqualTo(90);
            problem["door"]!.GetValue<string>().ShouldBe("North entrance");
        }
        // An attempt opens for its own ticket only, and never without a name.
        await InAsync(listing, codes[1].Token, attempt: null);
        (await RefusedAsync(listing, codes[1].Token)).Reason.ShouldBe(CheckInRefusal.Used);
    }

    [Fact]
    public async Task An_attempt_that_was_taken_back_with_its_order_is_no_success()
    {
        var listing = await ListAsync();
        var order = await BuyAsync(listing);
        var code = (await CodesAsync(order))[0];
        await InAsync(listing, code.Code, "attempt");
        await FreeAsync(order);

        using var again = await ScanAsync(listing, code.Code, "attempt");
        (await again.Content.ReadFromJsonAsync<JsonObject>())!["reason"]!.GetValue<string>().ShouldBe(CheckInRefusal.Refunded);
    }

    [Theory]
    [InlineData("", null, "attempt")]
    [InlineData("two words", null, "attempt")]
    [InlineData("tab\t", null, "attempt")]
    [InlineData("ü", null, "attempt")]
    [InlineData(null, "a\u0000b", "door")]
    [InlineData(null, "an entrance whose name is longer than forty", "door")]
    public async Task A_wrong_name_of_an_attempt_or_door_is_refused(string? attempt, string? door, string field)
    {
        using var seller = Tickets.As(Guid.CreateVersion7());
        using var answer = await seller.PostAsJsonAsync("/api/tickets/no-id/check-ins", new { code = "A", attempt, door });
        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, field);
    }

    [Fact]
    public async Task The_checks_come_in_the_contracts_order()
    {
        var listing = await ListAsync();
        using var nobody = Tickets.Anonymous();
        using var stranger = Tickets.As(Guid.CreateVersion7());

        await (await PostAsync(nobody, "no-id", "")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        await (await PostAsync(stranger, "no-id", "")).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "code");
        await (await PostAsync(stranger, "no-id", new string('A', 1001))).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "code");
        await (await PostAsync(stranger, "no-id", "A")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await PostAsync(stranger, $"{Guid.CreateVersion7()}", "A")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await PostAsync(stranger, $"{listing.Id}", "A")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        await (await stranger.GetAsync($"/api/tickets/{listing.Id}/check-ins")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Of_many_doors_that_scan_the_same_code_at_once_one_opens() =>
        (await RaceAsync(this)).ShouldBe(1);

    /// <summary>If the same race did not open several doors without the guard, the one above would show nothing.</summary>
    [Fact]
    public async Task Control_without_the_guard_the_same_race_opens_several()
    {
        var guard = new Mutation("tickets", "AND checked_in_at IS NULL");
        await using var unguarded = new TicketsFixture(servers) { Without = [guard] };
        await unguarded.InitializeAsync();

        (await RaceAsync(new CheckInTests(servers, unguarded))).ShouldBeGreaterThan(1);
        guard.ShouldHaveBeenApplied();
    }

    /// <summary>How many of ten doors open that all wait at the row before the first may go on.</summary>
    private static async Task<int> RaceAsync(CheckInTests at)
    {
        const int doors = 10;
        var listing = await at.ListAsync(quantity: 1);
        var order = await at.BuyAsync(listing);
        var code = (await at.CodesAsync(order))[0].Token;

        await using var connection = await at.Platform.OpenAsync("tickets");
        await using var transaction = await connection.BeginTransactionAsync();
        await Dapper.SqlMapper.ExecuteAsync(
            connection, "SELECT FROM admissions WHERE order_id = @Id FOR UPDATE", new { order.Id }, transaction);
        var scans = Enumerable.Range(0, doors).Select(_ => at.ScanAsync(listing, code)).ToList();
        await at.Platform.WaitingAsync("tickets", doors);
        await transaction.CommitAsync();

        var answers = await Task.WhenAll(scans);
        var opened = answers.Count(answer => answer.StatusCode == HttpStatusCode.Created);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.BadRequest).ShouldBe(doors - opened);
        (await at.ListCheckInsAsync(listing)).CheckedIn.ShouldBe(opened);
        return opened;
    }

    private async Task<AdmissionResponse[]> CodesAsync(OrderState order)
    {
        using var buyer = Tickets.As(order.UserId);
        return (await buyer.GetFromJsonAsync<AdmissionResponse[]>($"/api/tickets/admissions/{order.Id}"))!;
    }

    private async Task<HttpResponseMessage> ScanAsync(TicketResponse listing, string code, string? attempt = null, string? door = null)
    {
        using var seller = Tickets.As(listing.UserId);
        return await seller.PostAsJsonAsync($"/api/tickets/{listing.Id}/check-ins", new { code, attempt, door });
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string id, string code) =>
        client.PostAsJsonAsync($"/api/tickets/{id}/check-ins", new { code });

    private async Task<CheckInResponse> InAsync(TicketResponse listing, string code, string? attempt = null, string? door = null)
    {
        using var answer = await ScanAsync(listing, code, attempt, door);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<CheckInResponse>())!;
    }

    private async Task<(string? Reason, string Message, DateTimeOffset? At)> RefusedAsync(TicketResponse listing, string code)
    {
        using var answer = await ScanAsync(listing, code);
        var message = await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        var problem = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        return (problem["reason"]?.ToString(), message, problem["checkedInAt"]?.GetValue<DateTimeOffset>());
    }

    private async Task<CheckInsResponse> ListCheckInsAsync(TicketResponse listing)
    {
        using var seller = Tickets.As(listing.UserId);
        return (await seller.GetFromJsonAsync<CheckInsResponse>($"/api/tickets/{listing.Id}/check-ins"))!;
    }

    private static string Segment(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
