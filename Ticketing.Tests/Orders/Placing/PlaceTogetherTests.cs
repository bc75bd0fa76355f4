using System.Net;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Data;
using Ticketing.Orders.Placing;
using Ticketing.Tests.Flaws;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Orders.Placing;

/// <summary>
/// Orders that are placed in one transaction. A test holds the listing's row: the first request waits for it, and those
/// that come meanwhile, one after the other, are the next transaction.
/// </summary>
public sealed class PlaceTogetherTests(OrdersFixture fixture, Servers servers) : OrdersTests(fixture)
{
    [Fact]
    public async Task Each_is_judged_in_the_order_of_arrival_against_what_is_left()
    {
        var listing = await ListAsync(quantity: 10);

        var answers = await TogetherAsync(listing, [1, 4, 6, 3, 5, 2, 1, 1]);

        answers.Select(answer => answer.StatusCode == HttpStatusCode.Created)
            .ShouldBe([true, true, false, true, false, true, false, false]);
        (await AvailableAsync(listing.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task The_same_key_twice_together_is_one_order_and_with_another_body_400()
    {
        var listing = await ListAsync(quantity: 10);
        var buyer = Guid.CreateVersion7();

        var answers = await TogetherAsync(Platform, Orders, listing.Id, [
            () => PlaceAsync(Orders, Guid.CreateVersion7(), listing.Id, 1),
            () => PlaceAsync(Orders, buyer, listing.Id, 2, "key"),
            () => PlaceAsync(Orders, buyer, listing.Id, 2, "key"),
            () => PlaceAsync(Orders, Guid.CreateVersion7(), listing.Id, 2, "key"),
            () => PlaceAsync(Orders, buyer, listing.Id, 1, "key"),
        ]);

        answers.Select(answer => answer.StatusCode).ShouldBe([
            HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.BadRequest]);
        var (first, second) = (await ReadAsync(answers[1]), await ReadAsync(answers[2]));
        second.ShouldBe(first);
        (await ReadAsync(answers[3])).Id.ShouldNotBe(first.Id);
        (await AvailableAsync(listing.Id)).ShouldBe(5);
    }

    [Fact]
    public async Task The_limit_of_tickets_held_counts_within_one_transaction_too()
    {
        var listing = await ListAsync(quantity: 100, maxPerBuyer: 1000);
        var buyer = Guid.CreateVersion7();

        var answers = await TogetherAsync(Platform, Orders, listing.Id, [
            .. Enumerable.Repeat(() => PlaceAsync(Orders, buyer, listing.Id, 9), 7),
            () => PlaceAsync(Orders, buyer, listing.Id, 5),
            () => PlaceAsync(Orders, buyer, listing.Id, 1),
            () => PlaceAsync(Orders, Guid.CreateVersion7(), listing.Id, 9),
        ]);

        answers.Select(answer => answer.StatusCode == HttpStatusCode.Created)
            .ShouldBe([true, true, true, true, true, false, false, true, false, true]);
        answers.Where(answer => answer.StatusCode != HttpStatusCode.Created)
            .ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.TooManyRequests && answer.Headers.RetryAfter != null);
        (await AvailableAsync(listing.Id)).ShouldBe(100 - (5 * 9) - 5 - 9);
    }

    [Fact]
    public async Task The_limit_of_one_buyer_for_a_listing_counts_within_one_transaction_too()
    {
        var listing = await ListAsync(quantity: 100, maxPerBuyer: 6);
        var buyer = Guid.CreateVersion7();

        var answers = await TogetherAsync(Platform, Orders, listing.Id, [
            .. Enumerable.Repeat(() => PlaceAsync(Orders, buyer, listing.Id, 2), 2),
            () => PlaceAsync(Orders, buyer, listing.Id, 3),
            () => PlaceAsync(Orders, Guid.CreateVersion7(), listing.Id, 6),
            () => PlaceAsync(Orders, buyer, listing.Id, 2),
            () => PlaceAsync(Orders, buyer, listing.Id, 1),
        ]);

        answers.Select(answer => (int)answer.StatusCode).ShouldBe([201, 201, 400, 201, 201, 400]);
        (await AvailableAsync(listing.Id)).ShouldBe(100 - 6 - 6);
    }

    [Fact]
    public async Task One_that_fails_spoils_no_other()
    {
        var listing = await ListAsync(quantity: 10);
        var unlucky = Guid.CreateVersion7();
        await using (var connection = await Platform.OpenAsync("orders"))
            await connection.ExecuteAsync($"ALTER TABLE orders ADD CONSTRAINT bad_luck CHECK (user_id <> '{unlucky}')");

        var answers = await TogetherAsync(Platform, Orders, listing.Id, [
            .. Enumerable.Repeat(() => PlaceAsync(Orders, Guid.CreateVersion7(), listing.Id, 1), 3),
            () => PlaceAsync(Orders, unlucky, listing.Id, 1),
            .. Enumerable.Repeat(() => PlaceAsync(Orders, Guid.CreateVersion7(), listing.Id, 1), 3),
        ]);

        answers.Select(answer => (int)answer.StatusCode).ShouldBe([201, 201, 201, 500, 201, 201, 201]);
        (await AvailableAsync(listing.Id)).ShouldBe(4);
    }

    [Fact]
    public async Task Each_has_an_event_of_its_own_in_the_trace_of_its_request()
    {
        await using var shop = await OrdersShop.OpenAsync(servers, [], PublishNothing);
        var listing = await shop.ListAsync(quantity: 10);
        string[] traces = [.. Enumerable.Range(0, 4).Select(_ => $"{Guid.NewGuid():N}")];

        var answers = await TogetherAsync(shop.Platform, shop.Orders, listing.Id, traces.Select<string, Func<Task<HttpResponseMessage>>>(
            trace => () => PlaceAsync(shop.Orders, Guid.CreateVersion7(), listing.Id, 1, trace: trace)));

        var ids = (await Task.WhenAll(answers.Select(ReadAsync))).Select(order => order.Id);
        await using var connection = await shop.Platform.OpenAsync("orders");
        var told = (await connection.QueryAsync<(Guid Order, string Trace)>(
            "SELECT (body -> 'order' ->> 'id')::uuid, split_part(trace_parent, '-', 2) FROM outbox WHERE type = 'OrderCreated'")).ToArray();
        told.ShouldBe(ids.Zip(traces), ignoreOrder: true);
    }

    [Fact]
    public async Task When_too_many_wait_the_next_is_503_and_other_listings_still_have_room()
    {
        var small = await Platform.With("Orders:MaxWaiting", "4").StartAsync<Ticketing.Orders.Order>();
        Platform.With("Orders:MaxWaiting", "4096");
        var (hot, calm) = (await ListAsync(quantity: 10), await ListAsync(quantity: 10));

        HttpResponseMessage? refused = null, accepted = null;
        var answers = await TogetherAsync(
            Platform, small, hot.Id, Enumerable.Repeat(() => PlaceAsync(small, Guid.CreateVersion7(), hot.Id, 1), 3), async () =>
            {
                refused = await PlaceAsync(small, Guid.CreateVersion7(), hot.Id, 1);
                accepted = await PlaceAsync(small, Guid.CreateVersion7(), calm.Id, 1);
            });

        await refused!.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
        refused!.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        accepted!.StatusCode.ShouldBe(HttpStatusCode.Created);
        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Created);
    }

    /// <summary>Without a session it is told to come back all the same: nobody looked.</summary>
    [Fact]
    public async Task When_too_many_wait_one_is_turned_away_at_the_door_and_what_cannot_be_told_at_a_glance_goes_in()
    {
        var small = await Platform.With("Orders:MaxWaiting", "1").StartAsync<Ticketing.Orders.Order>();
        Platform.With("Orders:MaxWaiting", "4096");
        var hot = await ListAsync(quantity: 10);
        var answers = new List<HttpResponseMessage>();

        await TogetherAsync(Platform, small, hot.Id, Enumerable.Repeat(() => PlaceAsync(small, Guid.CreateVersion7(), hot.Id, 1), 2), async () =>
        {
            using var client = small.Anonymous();
            foreach (var body in new[]
            {
                $$"""{"ticketId":"{{hot.Id}}","quantity":1}""", $$"""{ "quantity" : 1, "ticketId" : "{{hot.Id}}" }""",
                $$"""{"ticketId":"{{hot.Id}}1"}""", """{"ticketId":7}""", """{"quantity":1}""", $$"""{"ticketId":"{{hot.Id}}","note":"{{new string('x', 600)}}"}""",
            })
                answers.Add(await client.PostAsync("/api/orders", new StringContent(body, System.Text.Encoding.UTF8, "application/json")));
            answers.Add(await client.GetAsync("/api/orders"));
        });

        answers.Select(answer => (int)answer.StatusCode).ShouldBe([503, 503, 401, 401, 401, 401, 401]);
        await answers[0].ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
        answers[0].Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_service_that_stops_finishes_what_waits()
    {
        var replica = await Platform.StartAsync<Ticketing.Orders.Order>();
        var listing = await ListAsync(quantity: 10);

        var stopping = ValueTask.CompletedTask;
        var answers = await TogetherAsync(
            Platform, replica, listing.Id, Enumerable.Repeat(() => PlaceAsync(replica, Guid.CreateVersion7(), listing.Id, 1), 4), () =>
            {
                stopping = replica.DisposeAsync();
                return Task.CompletedTask;
            });
        await stopping;

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Created);
        (await AvailableAsync(listing.Id)).ShouldBe(6);
    }

    private Task<HttpResponseMessage[]> TogetherAsync(ListingState listing, int[] quantities) =>
        TogetherAsync(Platform, Orders, listing.Id, quantities.Select<int, Func<Task<HttpResponseMessage>>>(
            quantity => () => PlaceAsync(Orders, Guid.CreateVersion7(), listing.Id, quantity)));

    /// <summary>The answers to requests that arrive in this order, the first alone and the others while it waits.</summary>
    private static async Task<HttpResponseMessage[]> TogetherAsync(
        TestPlatform platform, TestService<Ticketing.Orders.Order> orders, Guid listing,
        IEnumerable<Func<Task<HttpResponseMessage>>> requests, Func<Task>? meanwhile = null)
    {
        var reservations = orders.Services.GetRequiredService<Reservations>();
        await using var holder = await platform.OpenAsync("orders");
        await using var transaction = await holder.BeginTransactionAsync();
        await holder.ExecuteAsync("SELECT FROM listings WHERE id = @listing FOR UPDATE", new { listing }, transaction);
        var answers = new List<Task<HttpResponseMessage>>();
        foreach (var request in requests)
        {
            answers.Add(request());
            if (answers.Count == 1)
                await platform.WaitingAsync("orders", 1);
            else
                await Eventually.HoldsAsync(() => Task.FromResult(reservations.Waiting == answers.Count - 1), "it waits for its turn");
        }
        if (meanwhile is not null)
            await meanwhile();
        await transaction.CommitAsync();
        return await Task.WhenAll(answers);
    }

    private static async Task<HttpResponseMessage> PlaceAsync(
        TestService<Ticketing.Orders.Order> orders, Guid buyer, Guid ticketId, int quantity, string? key = null, string? trace = null)
    {
        using var client = orders.As(buyer);
        if (key is not null)
            client.DefaultRequestHeaders.Add("Idempotency-Key", key);
        if (trace is not null)
            client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-0123456789abcdef-01");
        return await client.PostAsJsonAsync("/api/orders", new { ticketId, quantity });
    }

    private static async Task<OrderResponse> ReadAsync(HttpResponseMessage answer) =>
        (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<OrderResponse>())!;

    private static void PublishNothing(IServiceCollection services) => services.Remove(services.Single(service =>
        service.ServiceType == typeof(IHostedService) && service.ImplementationType == typeof(OutboxRelay)));
}
