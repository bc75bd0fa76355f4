using System.Net;
using System.Text.Json;
using Shouldly;
using Ticketing.LocalHosting;
using Ticketing.LocalHosting.Dashboard;
using Ticketing.LocalHosting.Engine;
using Ticketing.LocalHosting.Servers;
using Xunit;

namespace Ticketing.Tests.LocalHosting;

public sealed class DashboardTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_shows_every_process_to_this_machine_only()
    {
        using var application = new TestApplication("--ConnectionStrings:redis=127.0.0.1:6380");
        var redis = application.Builder.AddRedis("redis");
        Ports.Allocate(application.Model.Resources);
        var port = FreePort.Next();
        await using var dashboard = await ResourcesDashboard.StartAsync(port, () => [new ExternalServerInstance(redis.Resource, new ConsoleLog(TextWriter.Null))]);
        using var client = new HttpClient { BaseAddress = new($"http://localhost:{port}") };

        var row = JsonDocument.Parse(await client.GetStringAsync("/api/resources", Cancellation)).RootElement.EnumerateArray().ShouldHaveSingleItem();
        row.EnumerateObject().Select(property => property.Name).ShouldBe(["name", "type", "state", "health", "pid", "endpoints", "restarts"]);
        row.GetProperty("name").GetString().ShouldBe("redis");
        row.GetProperty("health").ValueKind.ShouldBe(JsonValueKind.Null);
        row.GetProperty("endpoints")[0].GetString().ShouldBe("tcp://127.0.0.1:6380");
        (await client.GetStringAsync("/", Cancellation)).ShouldContain("<th scope=\"row\">redis</th>");

        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/api/resources") { Headers = { Host = "attacker.example" } };
        (await client.SendAsync(rebound, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }
}
