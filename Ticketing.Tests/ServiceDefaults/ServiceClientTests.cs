using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using Ticketing.ServiceDefaults;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.ServiceDefaults;

/// <summary>Which requests go to another replica, and how often each is sent.</summary>
public sealed class ServiceClientTests
{
    private readonly List<string> asked = [];

    [Fact]
    public async Task Requests_are_spread_over_the_replicas()
    {
        using var host = Service(_ => new HttpResponseMessage(HttpStatusCode.OK));

        for (var i = 0; i < 4; i++)
            await Client(host).GetAsync("/api");

        asked[0].ShouldNotBe(asked[1]);
        asked[2..].ShouldBe(asked[..2]);
    }

    [Fact]
    public async Task A_replica_that_cannot_be_connected_to_is_passed_over()
    {
        using var host = Service(request => request.RequestUri!.Host == "one"
            ? throw new HttpRequestException(HttpRequestError.ConnectionError)
            : new HttpResponseMessage(HttpStatusCode.Created));

        for (var i = 0; i < 4; i++)
            (await Client(host).PostAsync("/api/orders?x=1", new StringContent("{}"))).StatusCode.ShouldBe(HttpStatusCode.Created);

        asked.Count(replica => replica == "two:2").ShouldBe(4);
    }

    [Fact]
    public async Task It_is_passed_over_also_when_a_request_beside_this_one_takes_each_turn_between()
    {
        IHost? host = null;
        using var running = host = Service(request => request.RequestUri! switch
        {
            { Host: "two" } => new HttpResponseMessage(HttpStatusCode.OK),
            { AbsolutePath: "/beside" } => throw new HttpRequestException(HttpRequestError.ConnectionError),
            _ when Client(host!).GetAsync("/beside").GetAwaiter().GetResult().IsSuccessStatusCode =>
                throw new HttpRequestException(HttpRequestError.ConnectionError),
            _ => throw new InvalidOperationException(),
        });

        for (var i = 0; i < 2; i++)
            (await Client(host).GetAsync("/api")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_was_sent_is_never_sent_again()
    {
        using var host = Service(_ => throw new HttpRequestException(HttpRequestError.ResponseEnded));

        await Should.ThrowAsync<HttpRequestException>(() => Client(host).PostAsync("/api/orders", new StringContent("{}")));

        asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_is_never_asked_for_again()
    {
        using var host = Service(_ => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));

        (await Client(host).GetAsync("/api/tickets")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);

        asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_read_that_was_cut_off_goes_to_another_replica_once()
    {
        using var host = Service(_ => throw new HttpRequestException(HttpRequestError.ResponseEnded));

        await Should.ThrowAsync<HttpRequestException>(() => Client(host).GetAsync("/api/tickets"));

        asked.Order().ShouldBe(["one:1", "two:2"]);
    }

    [Fact]
    public async Task So_does_a_post_that_its_service_does_only_once()
    {
        var bodies = new List<string>();
        using var host = Service(request =>
        {
            bodies.Add(request.Content!.ReadAsStringAsync().GetAwaiter().GetResult());
            throw new HttpRequestException(HttpRequestError.ResponseEnded);
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/payments") { Content = new StringContent("{}") };
        request.AllowRepeat();

        await Should.ThrowAsync<HttpRequestException>(() => Client(host).SendAsync(request));

        asked.Order().ShouldBe(["one:1", "two:2"]);
        bodies.ShouldBe(["{}", "{}"]);
    }

    [Fact]
    public async Task A_client_that_is_added_twice_sends_once()
    {
        using var host = Service(_ => throw new HttpRequestException(HttpRequestError.ResponseEnded), again: true);

        await Should.ThrowAsync<HttpRequestException>(() => Client(host).GetAsync("/api"));

        asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_connection_that_does_not_come_is_an_error_like_one_that_is_refused()
    {
        using var deaf = new DeafReplica();
        using var client = new HttpClient(new SocketsHttpHandler().WithinConnectLimit());

        var failure = await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(deaf.Address));

        failure.HttpRequestError.ShouldBe(HttpRequestError.ConnectionError, "so the request goes to another replica");
    }

    private static HttpClient Client(IHost host) => host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

    private IHost Service(Func<HttpRequestMessage, HttpResponseMessage> answer, bool again = false)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration["services:orders:http:0"] = "http://one:1";
        builder.Configuration["services:orders:http:1"] = "http://two:2";
        builder.Services.AddServiceDiscovery();
        var client = builder.AddServiceClient("orders");
        if (again)
            client = builder.AddServiceClient("orders");
        client.ConfigurePrimaryHttpMessageHandler(() => new Answering(request =>
        {
            asked.Add(request.RequestUri!.Authority);
            return answer(request);
        }));
        return builder.Build();
    }

    private sealed class Answering(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer(request));
    }
}
