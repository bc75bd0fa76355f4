using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using Ticketing.ServiceDefaults;
using Xunit;

namespace Ticketing.Tests.ServiceDefaults;

public sealed class ReplicaHandlerTests
{
    private static readonly Uri[] Two = [new("http://one:1"), new("http://two:2")];

    [Fact]
    public async Task Requests_are_spread_over_the_replicas()
    {
        var asked = new List<string>();
        using var client = Client(request =>
        {
            asked.Add(request.RequestUri!.Authority);
            return new HttpResponseMessage(HttpStatusCode.OK);
        });

        for (var i = 0; i < 4; i++)
            await client.GetAsync("/api");

        asked.ShouldBe(["one:1", "two:2", "one:1", "two:2"]);
    }

    [Fact]
    public async Task A_replica_that_cannot_be_connected_to_is_passed_over()
    {
        using var client = Client(request => request.RequestUri!.Host == "one"
            ? throw new HttpRequestException(HttpRequestError.ConnectionError)
            : new HttpResponseMessage(HttpStatusCode.Created));

        var answer = await client.PostAsync("/api/orders?x=1", new StringContent("{}"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task What_was_sent_is_never_sent_again()
    {
        var sent = 0;
        using var client = Client(_ =>
        {
            sent++;
            throw new HttpRequestException(HttpRequestError.ResponseEnded);
        });

        await Should.ThrowAsync<HttpRequestException>(() => client.PostAsync("/api/orders", new StringContent("{}")));

        sent.ShouldBe(1);
    }

    [Fact]
    public async Task A_read_that_was_cut_off_goes_to_another_replica_once()
    {
        var asked = new List<string>();
        using var client = Client(request =>
        {
            asked.Add(request.RequestUri!.Authority);
            throw new HttpRequestException(HttpRequestError.ResponseEnded);
        });

        await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync("/api/tickets"));

        asked.ShouldBe(["one:1", "two:2"]);
    }

    [Fact]
    public async Task So_does_a_post_that_its_service_does_only_once()
    {
        var asked = new List<string>();
        using var client = Client(request =>
        {
            asked.Add($"{request.RequestUri!.Authority} {request.Content!.ReadAsStringAsync().GetAwaiter().GetResult()}");
            throw new HttpRequestException(HttpRequestError.ResponseEnded);
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/payments") { Content = new StringContent("{}") };
        request.AllowRepeat();

        await Should.ThrowAsync<HttpRequestException>(() => client.SendAsync(request));

        asked.ShouldBe(["one:1 {}", "two:2 {}"]);
    }

    [Fact]
    public async Task A_replica_that_says_it_is_leaving_is_asked_last()
    {
        var asked = new List<string>();
        using var client = Client(request =>
        {
            asked.Add(request.RequestUri!.Authority);
            var answer = new HttpResponseMessage(HttpStatusCode.OK);
            answer.Headers.ConnectionClose = request.RequestUri.Host == "one";
            return answer;
        });

        for (var i = 0; i < 5; i++)
            await client.PostAsync("/api/orders", new StringContent("{}"));

        asked.ShouldBe(["one:1", "two:2", "two:2", "two:2", "two:2"]);
    }

    [Fact]
    public async Task A_client_that_is_asked_for_twice_tries_each_replica_once()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration["services:orders:http:0"] = "http://one:1";
        builder.Configuration["services:orders:http:1"] = "http://two:2";
        var sent = 0;
        builder.AddServiceClient("orders");
        builder.AddServiceClient("orders").ConfigurePrimaryHttpMessageHandler(() => new Answering(_ =>
        {
            sent++;
            throw new HttpRequestException(HttpRequestError.ConnectionError);
        }));
        using var host = builder.Build();
        using var client = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync("/api"));

        sent.ShouldBe(2);
    }

    private static HttpClient Client(Func<HttpRequestMessage, HttpResponseMessage> answer) =>
        new(new ReplicaHandler(Two) { InnerHandler = new Answering(answer) }) { BaseAddress = Two[0] };

    private sealed class Answering(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer(request));
    }
}
