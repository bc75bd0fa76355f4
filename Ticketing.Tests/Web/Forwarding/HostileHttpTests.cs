using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Ticketing.Tests.Web.Forwarding;

/// <summary>HTTP that is none, or that two servers might read in two ways.</summary>
[Collection(typeof(WebCollection))]
public sealed class HostileHttpTests(WebSite site)
{
    private const string Smuggled = "GET /internal/smuggled HTTP/1.1\r\nHost: a\r\nX-Smuggled: 1\r\n\r\n";

    public static TheoryData<string, string, string> Ambiguous => new()
    {
        { "CL and TE", "Content-Length: 6\r\nTransfer-Encoding: chunked", $"0\r\n\r\n{Smuggled}" },
        { "TE and CL", "Transfer-Encoding: chunked\r\nContent-Length: 3", $"5\r\nhello\r\n0\r\n\r\n{Smuggled}" },
        { "two CL", "Content-Length: 5\r\nContent-Length: 100", $"hello{Smuggled}" },
        { "CL list", "Content-Length: 5, 100", $"hello{Smuggled}" },
        { "CL with a sign", "Content-Length: +5", $"hello{Smuggled}" },
        { "negative CL", "Content-Length: -5", $"hello{Smuggled}" },
        { "CL in hex", "Content-Length: 0x5", $"hello{Smuggled}" },
        { "TE of another name", "Content-Length: 5\r\nTransfer-Encoding: xchunked", $"0\r\n\r\n{Smuggled}" },
        { "TE with a space before the colon", "Content-Length: 5\r\nTransfer-Encoding : chunked", $"0\r\n\r\n{Smuggled}" },
        { "TE after a tab", "Content-Length: 5\r\nTransfer-Encoding:\tchunked", $"0\r\n\r\n{Smuggled}" },
        { "TE on a folded line", "Content-Length: 5\r\nTransfer-Encoding:\r\n chunked", $"0\r\n\r\n{Smuggled}" },
        { "TE after a vertical tab", "Content-Length: 5\r\nTransfer-Encoding: \u000bchunked", $"0\r\n\r\n{Smuggled}" },
        { "TE in quotes", "Content-Length: 5\r\nTransfer-Encoding: \"chunked\"", $"0\r\n\r\n{Smuggled}" },
        { "two TE", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", $"0\r\n\r\n{Smuggled}" },
        { "TE list", "Transfer-Encoding: chunked, identity", $"0\r\n\r\n{Smuggled}" },
        { "TE behind a bare LF", "X-A: b\nTransfer-Encoding: chunked", $"0\r\n\r\n{Smuggled}" },
        { "TE behind a bare CR", "X-A: b\rTransfer-Encoding: chunked", $"0\r\n\r\n{Smuggled}" },
        { "a chunk size with a sign", "Transfer-Encoding: chunked", $"+5\r\nhello\r\n0\r\n\r\n{Smuggled}" },
        { "a chunk size in 0x", "Transfer-Encoding: chunked", $"0x5\r\nhello\r\n0\r\n\r\n{Smuggled}" },
        { "a chunk size that overflows", "Transfer-Encoding: chunked", $"100000000000000005\r\nhello\r\n0\r\n\r\n{Smuggled}" },
        { "a chunk behind a bare LF", "Transfer-Encoding: chunked", $"5\nhello\n0\n\n{Smuggled}" },
        { "an extension with a bare LF", "Transfer-Encoding: chunked", $"5;a\nxx\r\nhello\r\n0\r\n\r\n{Smuggled}" },
        { "a chunk that is longer than it says", "Transfer-Encoding: chunked", $"5\r\nhello{Smuggled}" },
        { "a trailer that is a header", "Transfer-Encoding: chunked", $"5\r\nhello\r\n0\r\nX-Smuggled: 1\r\n\r\n{Smuggled}" },
        { "a name with a space", "X Smuggled: 1", "" },
        { "a line without a name", ": 1", "" },
        { "NUL in a value", "X-A: a\0X-Smuggled: 1", "" },
        { "two hosts", "Host: evil.example", "" },
    };

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public async Task No_request_hides_in_another(string name, string fields, string body)
    {
        // Says what arrived, once it has read all of it.
        var smuggled = false;
        site.Orders.Answers(async context =>
        {
            smuggled |= context.Request.Headers.ContainsKey("X-Smuggled") || context.Request.Path.StartsWithSegments("/internal");
            await context.Request.Body.CopyToAsync(Stream.Null);
            await context.Response.WriteAsync(context.Request.Path);
        });

        var answer = await RawHttp.SendAsync(site.Web.Address, [$"POST /api/orders HTTP/1.1", $"Host: {site.Web.Address.Authority}", fields], body);

        (answer.Length == 0 || answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
            .ShouldBeTrue($"{name}: {answer}");
        answer.Split("HTTP/1.1 ").Length.ShouldBeLessThanOrEqualTo(2, name);
        // The connections behind the site are in step: each of these gets its own answer.
        using var client = site.Web.Anonymous();
        for (var i = 0; i < 3; i++)
            (await client.GetStringAsync($"/api/orders/{i}")).ShouldBe($"/api/orders/{i}", name);
        smuggled.ShouldBeFalse(name);
    }

    [Theory]
    [InlineData("/api/tickets?q=a%0d%0aX-Smuggled:%201")]
    [InlineData("/api/tickets/%0d%0aX-Smuggled:%201%0d%0a")]
    [InlineData("/api/tickets?q=a\u0001b")]
    [InlineData("http://evil.example/api/tickets")]
    public async Task No_header_hides_in_a_target(string target)
    {
        var (smuggled, host) = (false, "");
        site.Tickets.Answers(context =>
        {
            smuggled |= context.Request.Headers.ContainsKey("X-Smuggled");
            host = context.Request.Host.Value;
            return Task.CompletedTask;
        });

        var answer = await RawHttp.GetAsync(site.Web.Address, target);

        answer.ShouldNotContain("X-Smuggled: 1\r\n");
        smuggled.ShouldBeFalse();
        host.ShouldNotBe("evil.example");
    }

    [Theory]
    [InlineData(40_000, 1, "431")]
    [InlineData(10, 200, "431")]
    public async Task A_head_that_is_too_large_is_refused_at_the_door(int length, int count, string status)
    {
        site.Tickets.Answers(_ => Task.CompletedTask);
        var fields = Enumerable.Range(0, count).Select(i => $"X-{i}: {new string('a', length)}");

        var answer = await RawHttp.SendAsync(site.Web.Address,
            ["GET /api/tickets HTTP/1.1", $"Host: {site.Web.Address.Authority}", .. fields]);

        answer.ShouldStartWith($"HTTP/1.1 {status}");
        site.Tickets.Arrived.ShouldBeEmpty();
    }

    [Fact]
    public void Who_dawdles_is_not_waited_for_long()
    {
        var limits = site.Web.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

        limits.RequestHeadersTimeout.ShouldBe(TimeSpan.FromSeconds(15));
        limits.MinRequestBodyDataRate!.BytesPerSecond.ShouldBe(240);
        limits.MinRequestBodyDataRate.GracePeriod.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_slow_head_is_cut_off_and_a_slow_body_is_408_and_asks_no_service()
    {
        site.Orders.Answers(_ => Task.CompletedTask);
        await using var web = site.Start(services => services.PostConfigure<KestrelServerOptions>(options =>
        {
            options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(1);
            options.Limits.MinRequestBodyDataRate = new MinDataRate(100_000, TimeSpan.FromSeconds(1.1));
        }));

        var head = await DawdleAsync(web.Address, "GET /api/orders HTTP/1.1\r\nHost:");
        var body = await DawdleAsync(web.Address, $"POST /api/orders HTTP/1.1\r\nHost: {web.Address.Authority}\r\nContent-Length: 1000\r\n\r\nhello");

        (head.Length == 0 || head.StartsWith("HTTP/1.1 408", StringComparison.Ordinal)).ShouldBeTrue(head);
        body.ShouldStartWith("HTTP/1.1 408");
        body.ShouldContain("The body came too slowly.");
        site.Orders.Arrived.ShouldBeEmpty();
    }

    /// <summary>Sends the beginning of a request, and then nothing: what comes back until the server hangs up.</summary>
    private static async Task<string> DawdleAsync(Uri address, string beginning)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, patience.Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(beginning), patience.Token);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(patience.Token);
    }
}
