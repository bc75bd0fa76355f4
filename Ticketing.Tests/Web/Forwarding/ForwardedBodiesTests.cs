using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Web.Forwarding;

[Collection(typeof(WebCollection))]
public sealed class ForwardedBodiesTests(WebSite site)
{
    private const int Limit = 64 * 1024;

    [Theory]
    [InlineData(Limit, false)]
    // The frames of the chunks count too.
    [InlineData(Limit - 1024, true)]
    public async Task A_body_of_64_KiB_passes(int size, bool chunked)
    {
        long length = 0;
        site.Orders.Answers(async context => length = await LengthAsync(context.Request.Body));

        (await PostAsync(size, chunked)).StatusCode.ShouldBe(HttpStatusCode.OK);

        length.ShouldBe(size);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_larger_body_is_413(bool chunked)
    {
        site.Orders.Answers(async context => await LengthAsync(context.Request.Body));

        await (await PostAsync(Limit + 1, chunked)).ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task A_POST_without_a_body_arrives_as_one()
    {
        string? length = null;
        site.Orders.Answers(context => { length = context.Request.Headers.ContentLength.ToString(); return Task.CompletedTask; });

        using var client = site.Web.Anonymous();
        (await client.PostAsync("/api/orders", content: null)).StatusCode.ShouldBe(HttpStatusCode.OK);

        length.ShouldBe("0");
    }

    [Fact]
    public async Task An_answer_comes_through_piece_by_piece()
    {
        var goOn = new TaskCompletionSource();
        site.Tickets.Answers(async context =>
        {
            await context.Response.WriteAsync("first");
            await context.Response.Body.FlushAsync();
            await goOn.Task;
            await context.Response.WriteAsync("last");
        });

        using var client = site.Web.Anonymous();
        await using var body = await client.GetStreamAsync("/api/tickets");
        var buffer = new byte[100];
        Encoding.ASCII.GetString(buffer, 0, await body.ReadAsync(buffer)).ShouldBe("first");
        goOn.SetResult();
        Encoding.ASCII.GetString(buffer, 0, await body.ReadAsync(buffer)).ShouldBe("last");
    }

    [Fact]
    public async Task A_service_is_asked_when_the_whole_request_is_there()
    {
        var seen = "";
        site.Orders.Answers(async context => seen = await new StreamReader(context.Request.Body).ReadToEndAsync());

        using var client = new TcpClient();
        await client.ConnectAsync(site.Web.Address.Host, site.Web.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/orders HTTP/1.1\r\nHost: {site.Web.Address.Authority}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n"));
        using var other = site.Web.Anonymous();
        await other.GetAsync("/api/orders");
        site.Orders.Arrived.ShouldBe(["GET /api/orders"]);
        await stream.WriteAsync("4\r\nlast\r\n0\r\n\r\n"u8.ToArray());
        var answer = new byte[100];
        Encoding.ASCII.GetString(answer, 0, await stream.ReadAsync(answer)).ShouldStartWith("HTTP/1.1 200");
        seen.ShouldBe("firstlast");
    }

    [Fact]
    public async Task An_answer_that_breaks_off_does_not_look_whole()
    {
        site.Tickets.Answers(async context =>
        {
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });

        using var client = site.Web.Anonymous();
        await Should.ThrowAsync<HttpRequestException>(() => client.GetStringAsync("/api/tickets"));
    }

    [Fact]
    public async Task A_client_that_leaves_takes_its_request_along()
    {
        var (arrived, left) = (new TaskCompletionSource(), new TaskCompletionSource());
        site.Tickets.Answers(async context =>
        {
            context.RequestAborted.Register(left.SetResult);
            arrived.SetResult();
            await left.Task;
        });

        using var client = site.Web.Anonymous();
        using var patience = new CancellationTokenSource();
        var answer = client.GetAsync("/api/tickets", patience.Token);
        await arrived.Task;
        await patience.CancelAsync();

        await left.Task.WaitAsync(TimeSpan.FromSeconds(1.5));
        await Should.ThrowAsync<OperationCanceledException>(() => answer);
    }

    private async Task<HttpResponseMessage> PostAsync(int length, bool chunked)
    {
        using var client = site.Web.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/orders");
        request.Content = new ByteArrayContent(new byte[length]);
        request.Headers.TransferEncodingChunked = chunked;
        return await client.SendAsync(request);
    }

    private static async Task<long> LengthAsync(Stream body)
    {
        var buffer = new byte[4096];
        long length = 0;
        while (await body.ReadAsync(buffer) is var read and > 0)
            length += read;
        return length;
    }
}
