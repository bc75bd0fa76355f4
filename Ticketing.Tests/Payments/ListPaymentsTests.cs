using System.Net;
using System.Net.Http.Json;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Payments;

public sealed class ListPaymentsTests(PaymentsFixture fixture) : PaymentsTests(fixture)
{
    [Fact]
    public async Task Lists_the_users_own_newest_first_page_by_page()
    {
        var first = await PlaceAsync();
        var second = await PlaceAsync(500) with { UserId = first.UserId };
        await Platform.Broker.PublishAsync(new OrderCreated(second = second with { Id = Guid.CreateVersion7() }));
        await Eventually.BecomesAsync(() => ReplicaAsync(second), (OrderStatus.Created, 0));
        await PaidAsync(first);
        await PaidAsync(second);
        await PaidAsync(await PlaceAsync());

        using var client = Payments.As(first.UserId);
        using var page = await client.GetAsync("/api/payments?limit=1");
        var newest = (await page.Content.ReadFromJsonAsync<PaymentResponse[]>())!.Single();
        newest.OrderId.ShouldBe(second.Id);
        newest.Amount.ShouldBe(5m);
        var next = page.Headers.GetValues("Link").Single().Split('<', '>')[1];
        using var last = await client.GetAsync(next);
        (await last.Content.ReadFromJsonAsync<PaymentResponse[]>())!.Single().OrderId.ShouldBe(first.Id);
        last.Headers.Contains("Link").ShouldBeFalse();
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("cursor=elsewhere", "cursor")]
    public async Task Refuses_what_is_wrong(string query, string field)
    {
        using var client = Payments.As(Guid.CreateVersion7());
        await (await client.GetAsync($"/api/payments?{query}")).ShouldBeProblemAsync(HttpStatusCode.BadRequest, field);
    }
}
