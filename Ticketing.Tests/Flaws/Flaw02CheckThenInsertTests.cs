using System.Net;
using System.Net.Http.Json;
using Dapper;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Flaws;

/// <summary>
/// 2. Two buyers who both look whether the ticket is free, and only then take it, both get it. The guards: the listing is
/// locked before anybody looks, and a constraint stands behind it. The buyers are at two replicas, since one replica takes
/// the orders of a listing one after the other.
/// </summary>
public sealed class Flaw02CheckThenInsertTests(Servers servers)
{
    /// <summary>Without the lock: what is seen is what was there when the statement began.</summary>
    internal static Mutation LockBeforeLooking => new("orders", "ORDER BY id FOR NO KEY UPDATE", "ORDER BY id");

    internal const string DropConstraint = "ALTER TABLE listings DROP CONSTRAINT nothing_oversold";

    [Fact]
    public async Task Two_buyers_of_the_last_ticket_do_not_both_get_it()
    {
        (await MeetAtTheLastTicketAsync([], dropConstraint: false)).ShouldBe([HttpStatusCode.Created, HttpStatusCode.BadRequest]);
    }

    [Fact]
    public async Task Control_when_both_look_first_both_get_it()
    {
        var guard = LockBeforeLooking;
        (await MeetAtTheLastTicketAsync([guard], dropConstraint: true)).ShouldBe([HttpStatusCode.Created, HttpStatusCode.Created]);
        guard.ShouldHaveBeenApplied();
    }

    [Fact]
    public async Task The_constraint_alone_keeps_the_second_out_too() =>
        (await MeetAtTheLastTicketAsync([LockBeforeLooking], dropConstraint: false)).Count(status => status == HttpStatusCode.Created).ShouldBe(1);

    private async Task<IReadOnlyList<HttpStatusCode>> MeetAtTheLastTicketAsync(IReadOnlyList<Mutation> without, bool dropConstraint)
    {
        await using var shop = await OrdersShop.OpenAsync(servers, without);
        var replica = await shop.Platform.StartAsync<Ticketing.Orders.Order>();
        var listing = await shop.ListAsync(quantity: 1);
        if (dropConstraint)
        {
            await using var connection = await shop.Platform.OpenAsync("orders");
            await connection.ExecuteAsync(DropConstraint);
        }

        HttpStatusCode[] answers = [];
        await shop.MeetAsync(listing.Id, 2, async () => answers = await Task.WhenAll(TakeAsync(shop.Orders), TakeAsync(replica)));
        return [.. answers.Order()];

        async Task<HttpStatusCode> TakeAsync(TestService<Ticketing.Orders.Order> orders)
        {
            using var client = orders.As(Guid.CreateVersion7());
            using var answer = await client.PostAsJsonAsync("/api/orders", new { ticketId = listing.Id });
            return answer.StatusCode;
        }
    }
}
