using System.Net;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Ticketing.Web.Forwarding;
using Xunit;

namespace Ticketing.Tests.Web.Forwarding;

/// <summary>A site with two replicas of Orders.</summary>
[Collection(typeof(WebCollection))]
public sealed class ReplicasTests(WebSite site) : IAsyncLifetime
{
    private StubService second = null!;
    private TestService<ForwardingOptions> web = null!;
    private HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        second = await StubService.StartAsync();
        web = site.Start(("services:orders:http:1", second.Address.ToString()));
        client = web.Anonymous();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await web.DisposeAsync();
        await second.DisposeAsync();
    }

    [Fact]
    public async Task Requests_are_spread_over_the_replicas()
    {
        Answers(_ => Task.CompletedTask, _ => Task.CompletedTask);

        for (var i = 0; i < 4; i++)
            await client.GetAsync("/api/orders");

        site.Orders.Arrived.Count.ShouldBe(2);
        second.Arrived.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task With_one_whose_connections_do_not_come_the_other_is_asked(string method)
    {
        using var deaf = new DeafReplica();
        await using var other = site.Start(
            ("services:orders:http:1", deaf.Address.ToString()), ("Forwarding:ResponseTimeout", "00:00:30"));
        using var visitor = other.Anonymous();
        Answers(EchoAsync, EchoAsync);

        for (var i = 0; i < 2; i++)
        {
            using var answer = await SendAsync(visitor, method, key: null, "hello");
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        site.Orders.Arrived.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("GET", null)]
    [InlineData("POST", "once")]
    [InlineData("POST", null)]
    public async Task With_one_away_the_other_is_asked(string method, string? key)
    {
        Answers(EchoAsync, EchoAsync);
        await second.DisposeAsync();

        for (var i = 0; i < 4; i++)
        {
            using var answer = await SendAsync(client, method, key, "hello");
            (await answer.Content.ReadAsStringAsync()).ShouldBe(method == "GET" ? "" : "hello");
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        site.Orders.Arrived.Count.ShouldBe(4);
    }

    [Theory]
    // A read, or what its service does once however often it comes, goes to another replica once; anything else never.
    [InlineData("GET", null, 2, HttpStatusCode.ServiceUnavailable)]
    [InlineData("POST", "once", 2, HttpStatusCode.BadGateway)]
    [InlineData("POST", null, 1, HttpStatusCode.BadGateway)]
    [InlineData("DELETE", null, 2, HttpStatusCode.ServiceUnavailable)]
    [InlineData("PUT", null, 1, HttpStatusCode.ServiceUnavailable)]
    public async Task What_was_sent_to_one_that_gave_no_answer_is_sent_again_only_where_that_does_no_harm(
        string method, string? key, int times, HttpStatusCode status)
    {
        Answers(Abort, Abort);
        await using var three = site.Start(
            ("services:orders:http:1", second.Address.ToString()), ("services:orders:http:2", $"http://localhost:{second.Address.Port}"));
        using var client = three.Anonymous();

        using var answer = await SendAsync(client, method, key, "hello");

        await answer.ShouldBeProblemAsync(status);
        (site.Orders.Arrived.Count + second.Arrived.Count).ShouldBe(times);
    }

    [Fact]
    public async Task One_that_says_it_is_leaving_is_asked_last()
    {
        Answers(_ => Task.CompletedTask, context => { context.Response.Headers.Connection = "close"; return Task.CompletedTask; });
        for (var i = 0; i < 2; i++)
            await client.GetAsync("/api/orders");
        second.Arrived.Count.ShouldBe(1);

        await Eventually.HoldsAsync(async () =>
        {
            second.Arrived.Clear();
            for (var i = 0; i < 4; i++)
                (await client.PostAsync("/api/orders", new StringContent("{}"))).EnsureSuccessStatusCode();
            return second.Arrived.IsEmpty;
        }, "it is not asked any more");
    }

    private void Answers(RequestDelegate one, RequestDelegate other)
    {
        site.Orders.Answers(one);
        second.Answers(other);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string? key, string body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/orders");
        if (method == "POST")
            request.Content = new StringContent(body);
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await client.SendAsync(request);
    }

    private static Task EchoAsync(HttpContext context) => context.Request.Body.CopyToAsync(context.Response.Body);

    private static Task Abort(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }
}
