using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Ticketing.Tests.Web.Forwarding;

[Collection(typeof(WebCollection))]
public sealed class ForwardedHeadersTests(WebSite site)
{
    [Fact]
    public async Task Hop_by_hop_fields_stay_on_their_hop_on_the_way_there()
    {
        var arrived = await ForwardAsync(request =>
        {
            // Not together with "keep-alive": of such a list Kestrel shows the application nothing but "keep-alive".
            request.Headers.TryAddWithoutValidation("Connection", "X-Secret-Of-This-Hop, X-Other");
            request.Headers.TryAddWithoutValidation("X-Secret-Of-This-Hop", "1");
            request.Headers.TryAddWithoutValidation("Keep-Alive", "timeout=5");
            request.Headers.TryAddWithoutValidation("TE", "trailers");
            request.Headers.TryAddWithoutValidation("Trailer", "X-Sum");
            request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
            request.Headers.TryAddWithoutValidation("Proxy-Authorization", "Basic x");
            request.Headers.TryAddWithoutValidation("Proxy-Connection", "close");
            request.Headers.TryAddWithoutValidation("X-Kept", "yes");
        });

        foreach (var name in new[]
        {
            "Connection", "X-Secret-Of-This-Hop", "Keep-Alive", "TE", "Trailer", "Upgrade", "Proxy-Authorization", "Proxy-Connection",
        })
            arrived.ContainsKey(name).ShouldBeFalse(name);
        arrived["X-Kept"].ToString().ShouldBe("yes");
    }

    [Fact]
    public async Task Hop_by_hop_fields_stay_on_their_hop_on_the_way_back()
    {
        site.Tickets.Answers(async context =>
        {
            context.Response.Headers.Connection = "X-Secret-Of-This-Hop";
            context.Response.Headers["X-Secret-Of-This-Hop"] = "1";
            context.Response.Headers["Keep-Alive"] = "timeout=5";
            context.Response.Headers["Proxy-Authenticate"] = "Basic";
            context.Response.Headers["X-Kept"] = "yes";
            context.Response.Headers.Link = "</api/tickets?cursor=a>; rel=\"next\"";
            await context.Response.WriteAsync("[]");
        });

        using var client = site.Web.Anonymous();
        var answer = await client.GetAsync("/api/tickets");

        foreach (var name in new[] { "X-Secret-Of-This-Hop", "Keep-Alive", "Proxy-Authenticate" })
            answer.Headers.Contains(name).ShouldBeFalse(name);
        answer.Headers.GetValues("X-Kept").ShouldBe(["yes"]);
        answer.Headers.GetValues("Link").ShouldHaveSingleItem();
        (await answer.Content.ReadAsStringAsync()).ShouldBe("[]");
    }

    [Fact]
    public async Task What_a_client_claims_about_where_it_comes_from_is_replaced()
    {
        var arrived = await ForwardAsync(request =>
        {
            request.Headers.Add("X-Forwarded-For", ["6.6.6.6", "7.7.7.7"]);
            request.Headers.Add("X-Forwarded-Proto", "https");
            request.Headers.Add("X-Forwarded-Host", "evil.example");
            request.Headers.Add("X-Real-IP", "6.6.6.6");
            request.Headers.Add("Forwarded", "for=6.6.6.6");
        });

        arrived["X-Forwarded-For"].ToString().ShouldBe("127.0.0.1");
        arrived["X-Forwarded-Proto"].ToString().ShouldBe("http");
        arrived["X-Forwarded-Host"].ToString().ShouldBe(site.Web.Address.Authority);
        arrived.ContainsKey("X-Real-IP").ShouldBeFalse();
        arrived.ContainsKey("Forwarded").ShouldBeFalse();
    }

    [Fact]
    public async Task A_client_cannot_take_away_what_the_site_says()
    {
        var arrived = await ForwardAsync(request =>
        {
            request.Headers.TryAddWithoutValidation("Connection", "X-Forwarded-For, no field?, Content-Type");
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", "6.6.6.6");
        });

        arrived["X-Forwarded-For"].ToString().ShouldBe("127.0.0.1");
    }

    [Fact]
    public async Task A_request_to_open_a_socket_is_forwarded_as_what_it_else_is()
    {
        var upgrade = "";
        site.Orders.Answers(context => { upgrade = context.Request.Headers.Upgrade; return Task.CompletedTask; });

        using var client = site.Web.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/orders/1")
        {
            Headers = { Connection = { "Upgrade" }, Upgrade = { new("websocket") } },
        };
        (await client.SendAsync(request)).EnsureSuccessStatusCode();

        site.Orders.Arrived.ShouldBe(["DELETE /api/orders/1"]);
        upgrade.ShouldBeNull();
    }

    [Fact]
    public async Task The_session_goes_to_every_service_and_the_refresh_token_to_Auth_alone()
    {
        var session = site.Platform.Users.TokenFor(Guid.CreateVersion7(), site.Platform.Clock.GetUtcNow());
        void Cookies(HttpRequestMessage request) => request.Headers.Add("Cookie", $"form=secret; session={session}; refresh=abc");

        (await ForwardAsync(Cookies)).Cookie.ToString().ShouldBe($"session={session}");
        (await ForwardAsync(Cookies, site.Auth, "/api/users/currentuser")).Cookie.ToString()
            .ShouldBe($"session={session}; refresh=abc");
    }

    [Fact]
    public async Task A_cookie_cannot_smuggle_another_field()
    {
        var arrived = await ForwardAsync(request =>
            request.Headers.Add("Cookie", "session=a%0D%0AX-Injected%3A%201%3B%20refresh%3Db"));

        arrived.ContainsKey("X-Injected").ShouldBeFalse();
        arrived.Cookie.ToString().ShouldNotContain("refresh=b");
    }

    [Fact]
    public async Task Set_Cookie_passes_each_field_on_its_own()
    {
        string[] cookies = ["session=a; path=/; httponly", "refresh=b; expires=Sat, 05 Dec 2026 00:00:00 GMT; path=/"];
        site.Auth.Answers(context =>
        {
            context.Response.Headers.SetCookie = cookies;
            return Task.CompletedTask;
        });

        using var client = site.Web.Anonymous();
        var answer = await client.PostAsync("/api/users/signin", new StringContent("{}"));

        answer.Headers.GetValues("Set-Cookie").ShouldBe(cookies);
    }

    [Fact]
    public async Task The_trace_goes_on_with_the_site_in_between()
    {
        const string trace = "0af7651916cd43dd8448eb211c80319c";
        var arrived = new TaskCompletionSource<string>();
        site.Tickets.Answers(context =>
        {
            arrived.SetResult(context.Request.Headers.TraceParent.ShouldHaveSingleItem()!);
            return Task.CompletedTask;
        });

        // Not by an HttpClient of this process, which belongs to a trace itself.
        await RawHttp.SendAsync(site.Web.Address,
            ["GET /api/tickets HTTP/1.1", $"Host: {site.Web.Address.Authority}", $"traceparent: 00-{trace}-b7ad6b7169203331-01"]);

        var parent = ActivityContext.Parse(await arrived.Task, null);
        parent.TraceId.ToString().ShouldBe(trace);
        parent.SpanId.ToString().ShouldNotBe("b7ad6b7169203331", "the service's parent is the site's span, not the client's");
    }

    [Fact]
    public async Task Fields_in_UTF_8_pass()
    {
        site.Tickets.Answers(_ => Task.CompletedTask);

        var answer = await RawHttp.SendAsync(site.Web.Address,
            ["GET /api/tickets HTTP/1.1", $"Host: {site.Web.Address.Authority}", "X-Name: Z\u00c3\u00bcrich"]);

        answer.ShouldStartWith("HTTP/1.1 200");
    }

    private Task<IHeaderDictionary> ForwardAsync(Action<HttpRequestMessage> prepare) =>
        ForwardAsync(prepare, site.Tickets, "/api/tickets");

    private async Task<IHeaderDictionary> ForwardAsync(Action<HttpRequestMessage> prepare, StubService service, string path)
    {
        var arrived = new HeaderDictionary();
        service.Answers(context =>
        {
            foreach (var field in context.Request.Headers)
                arrived.Add(field);
            return Task.CompletedTask;
        });
        using var client = site.Web.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        prepare(request);
        (await client.SendAsync(request)).EnsureSuccessStatusCode();
        return arrived;
    }
}
