using System.Net;
using System.Net.Http.Json;
using Dapper;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Flaws;

/// <summary>
/// 2. Two buyers who both look whether the ticket is free, and only then take it, both get it. The guards: the statement
/// takes stock only if the row has it at that moment, and a constraint stands behind it.
/// </summary>
public sealed class Flaw02CheckThenInsertTests(Servers servers)
{
    /// <summary>The statement as it would be if it looked first: what is seen is what was there when it began.</summary>
    internal static Mutation TakeOnlyWhatIsThere => new(
        "orders",
        "NOT deleted AND available >= @quantity AND",
        "NOT deleted AND (SELECT max(seen.available) FROM listings AS seen WHERE seen.id = listings.id) >= @quantity AND");

    internal const string DropConstraint = "ALTER TABLE listings DROP CONSTRAINT nothing_oversold";

    [Fact]
    public async Task Two_buyers_of_the_last_ticket_do_not_both_get_it()
    {
        (await MeetAtTheLastTicketAsync([], dropConstraint: false)).ShouldBe([HttpStatusCode.Created, HttpStatusCode.BadRequest]);
    }

    [Fact]
    public async Task Control_when_both_look_first_both_get_it()
    {
        var guard = TakeOnlyWhatIsThere;
        (await MeetAtTheLastTicketAsync([guard], dropConstraint: true)).ShouldBe([HttpStatusCode.Created, HttpStatusCode.Created]);
        guard.ShouldHaveBeenApplied();
    }

    [Fact]
    public async Task The_constraint_alone_keeps_the_second_out_too() =>
        (await MeetAtTheLastTicketAsync([TakeOnlyWhatIsThere], dropConstraint: false)).Count(status => status == HttpStatusCode.Created).ShouldBe(1);

    private async Task<IReadOnlyList<HttpStatusCode>> MeetAtTheLastTicketAsync(IReadOnlyList<Mutation> without, bool dropConstraint)
    {
        await using var shop = await OrdersShop.OpenAsync(servers, without);
        var listing = await shop.ListAsync(quantity: 1);
        if (dropConstraint)
        {
            await using var connection = await shop.Platform.OpenAsync("orders");
            await connection.ExecuteAsync(DropConstraint);
        }

        HttpStatusCode[] answers = [];
        await shop.MeetAsync(listing.Id, 2, async () => answers = await Task.WhenAll(TakeAsync(), TakeAsync()));
        return [.. answers.Order()];

        async Task<HttpStatusCode> TakeAsync()
        {
            using var client = shop.Orders.As(Guid.CreateVersion7());
            using var answer = await client.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id });
            return answer.StatusCode;
        }
    }
}
