using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Shouldly;
using Ticketing.Benchmarks;
using Xunit;

namespace Ticketing.Tests.Benchmarks;

public sealed class OpenLoadTests
{
    private const int LongBody = 200_000;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n\r\n", false)]
    public void An_answer_has_arrived_when_all_of_it_has(string answer, bool whole) =>
        OpenLoad.IsWhole(Encoding.ASCII.GetBytes(answer)).ShouldBe(whole);

    [Fact]
    public async Task Every_request_is_sent_once_and_counted_by_its_answer()
    {
        await using var service = await StartAsync();
        var load = await OpenLoad.RunAsync(
            new Uri(service.Urls.First()), rate: 400, seconds: 1, number => Requests.Get(number % 4 == 0 ? "/refused" : "/long"), Now, connections: 8);
        (load.Rate(200) * load.Seconds).ShouldBe(300, 0.001);
        (load.Rate(503) * load.Seconds).ShouldBe(100, 0.001);
        load.Except(200).ShouldBe(100);
        load.Percentile(200, 0.5).ShouldBeGreaterThan(0);
        load.Percentile(404, 0.5).ShouldBe(double.NaN);
    }

    [Fact]
    public async Task Waiting_for_a_free_connection_counts()
    {
        await using var service = await StartAsync();
        // One connection, a request every 10 ms, and 20 ms for each answer: the last of 100 is sent about a second late.
        var load = await OpenLoad.RunAsync(new Uri(service.Urls.First()), rate: 100, seconds: 1, _ => Requests.Get("/slow"), Now, connections: 1);
        load.Percentile(200, 1).ShouldBeGreaterThan(900);
    }

    private static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        // Longer than the buffer at first, in chunks.
        app.MapGet("/long", async (HttpContext context) =>
        {
            for (var sent = 0; sent < LongBody; sent += 1_000)
                await context.Response.WriteAsync(new string('0', 1_000));
        });
        app.MapGet("/refused", () => Results.StatusCode(StatusCodes.Status503ServiceUnavailable));
        app.MapGet("/slow", async () =>
        {
            await Task.Delay(20);
            return "late";
        });
        await app.StartAsync();
        return app;
    }
}
