using System.Net;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Web.Forwarding;

[Collection(typeof(WebCollection))]
public sealed class UnavailableServiceTests(WebSite site)
{
    /// <summary>A port that nobody listens on.</summary>
    private const string Nowhere = "http://127.0.0.1:1";

    [Fact]
    public async Task A_service_that_is_away_is_503_with_when_to_come_again()
    {
        await using var web = site.Start(("services:orders:http:0", Nowhere));
        using var client = web.Anonymous();

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
        {
            using var request = new HttpRequestMessage(method, "/api/orders");
            var answer = await client.SendAsync(request);
            await answer.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        }
    }

    [Theory]
    [InlineData("POST", "{}")]
    [InlineData("POST", "")]
    [InlineData("DELETE", null)]
    public async Task A_change_that_went_out_never_goes_out_again(string method, string? body)
    {
        using var orders = new RawService(request => request.StartsWith("GET", StringComparison.Ordinal) ? RawService.Ok : null);
        await using var web = site.Start(("services:orders:http:0", orders.Address));
        using var client = web.Anonymous();
        // A connection that is in the pool already: the one on which clients like to try a second time.
        await client.GetAsync("/api/orders");

        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/orders");
        request.Content = body is null ? null : new StringContent(body);
        var answer = await client.SendAsync(request);

        orders.Arrived.ShouldBe(["GET /api/orders HTTP/1.1", $"{method} /api/orders HTTP/1.1"]);
        // Nobody may be invited to do a POST again; a DELETE does no harm.
        await answer.ShouldBeProblemAsync(method == "POST" ? HttpStatusCode.BadGateway : HttpStatusCode.ServiceUnavailable);
        answer.Headers.Contains("Retry-After").ShouldBe(method != "POST");
    }

    [Theory]
    [InlineData("/api/orders", "once")]
    [InlineData("/api/payments", null)]
    public async Task But_what_is_done_once_however_often_it_comes_goes_to_another_replica(string path, string? key)
    {
        // Larger than one piece of it, so that the second replica must get again what the first one had.
        var sent = new string('x', 20_000);

        var (status, bodies) = await PostToTwoAsync(path, key, sent);

        status.ShouldBe(HttpStatusCode.Created);
        bodies.ShouldBe([sent, sent]);
    }

    [Theory]
    [InlineData("/api/tickets")]
    [InlineData("/api/users/signin")]
    public async Task A_key_does_not_help_where_nobody_looks_at_it(string path)
    {
        var (status, bodies) = await PostToTwoAsync(path, key: "once", "{}");

        status.ShouldBe(HttpStatusCode.BadGateway);
        bodies.Count.ShouldBe(1);
    }

    /// <summary>Posts to a site whose services have two replicas each, of which the one that is asked first hangs up when it has read the body.</summary>
    private async Task<(HttpStatusCode Status, IReadOnlyList<string> Bodies)> PostToTwoAsync(string path, string? key, string body)
    {
        var bodies = new List<string>();
        (string Name, StubService Stub)[] services = [("auth", site.Auth), ("tickets", site.Tickets), ("orders", site.Orders), ("payments", site.Payments)];
        foreach (var (_, stub) in services)
            stub.Answers(CutOffFirstAsync);
        // The same stub by another name: a second replica.
        await using var web = site.Start([.. services.Select(service => ($"services:{service.Name}:http:1", $"http://localhost:{service.Stub.Address.Port}"))]);
        using var client = web.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
        request.Headers.TransferEncodingChunked = key is null;
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, bodies);

        async Task CutOffFirstAsync(HttpContext context)
        {
            bodies.Add(await new StreamReader(context.Request.Body).ReadToEndAsync());
            if (bodies.Count == 1)
                context.Abort();
            else
                context.Response.StatusCode = StatusCodes.Status201Created;
        }
    }

    [Fact]
    public async Task A_service_that_does_not_begin_to_answer_is_504()
    {
        var aborted = new TaskCompletionSource();
        site.Orders.Answers(async context =>
        {
            context.RequestAborted.Register(aborted.SetResult);
            await aborted.Task;
        });

        using var client = site.Web.Anonymous();
        await (await client.GetAsync("/api/orders")).ShouldBeProblemAsync(HttpStatusCode.GatewayTimeout);
        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(5));
    }
}
