using System.Net;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Ticketing.Tests.LocalHosting.Dashboard;

public sealed class AccessTests
{
    [Fact]
    public async Task The_list_of_resources_needs_no_token_ever_and_has_the_fields_of_the_contract()
    {
        await using var dashboard = await TestDashboard.StartAsync(run: true);
        using var stranger = dashboard.Stranger();

        var rows = JsonDocument.Parse(await stranger.GetStringAsync("/api/resources")).RootElement.EnumerateArray().ToList();
        rows.ShouldAllBe(row => string.Join(", ", row.EnumerateObject().Select(property => property.Name)) == "name, type, state, health, pid, endpoints, restarts");
        var redis = rows.Single(row => row.GetProperty("name").GetString() == "redis");
        redis.GetProperty("endpoints")[0].GetString().ShouldBe("tcp://127.0.0.1:1");
        redis.GetProperty("pid").ValueKind.ShouldBe(JsonValueKind.Null);
        rows.Single(row => row.GetProperty("name").GetString() == "stripe").GetProperty("health").GetString().ShouldBe("Healthy");

        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/api/resources") { Headers = { Host = "attacker.example" } };
        (await stranger.SendAsync(rebound)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Everything_else_needs_the_token_of_this_start()
    {
        await using var dashboard = await TestDashboard.StartAsync();
        using var stranger = dashboard.Stranger();
        using var developer = await dashboard.DeveloperAsync();

        foreach (var page in (string[])["/", "/console", "/logs", "/traces", "/traces/1", "/metrics"])
        {
            using var answer = await stranger.GetAsync(page);
            answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, page);
            answer.Headers.Location!.ToString().ShouldStartWith("/login?returnUrl=");
            (await developer.GetAsync(page)).StatusCode.ShouldBe(HttpStatusCode.OK, page);
        }

        foreach (var secret in (string[])
            ["/api/live", "/api/resources/stripe/environment", "/api/console/download", "/api/telemetry", "/api/logs", "/api/traces", "/api/metrics"])
            (await stranger.GetAsync(secret)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, secret);
        foreach (var command in (string[])["start", "stop", "restart", "replicas?count=2"])
            (await stranger.PostAsync($"/api/resources/stripe/{command}", null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, command);
        (await stranger.PostAsync("/api/resources", null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_printed_link_signs_in_and_a_wrong_token_does_not()
    {
        await using var dashboard = await TestDashboard.StartAsync();
        using var stranger = dashboard.Stranger();

        using var welcome = await stranger.GetAsync($"/login?t={TestDashboard.Token}");
        welcome.Headers.Location!.ToString().ShouldBe("/");
        var cookie = welcome.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=strict");
        cookie.ShouldNotContain(TestDashboard.Token);

        using var refused = await stranger.PostAsync("/login", new FormUrlEncodedContent([new("t", "guessed")]));
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        refused.Headers.Contains("Set-Cookie").ShouldBeFalse();
        (await refused.Content.ReadAsStringAsync()).ShouldContain("not the token");

        foreach (var (asked, sent) in ((string, string)[])[("/traces?errors=true", "/traces?errors=true"), ("//evil.example", "/"), ("/\\evil.example", "/"), ("https://evil.example", "/")])
        {
            using var answer = await stranger.GetAsync($"/login?t={TestDashboard.Token}&returnUrl={Uri.EscapeDataString(asked)}");
            answer.Headers.Location!.ToString().ShouldBe(sent);
        }
    }

    [Theory]
    [InlineData("Origin", "http://localhost:8080")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task A_page_of_another_origin_changes_nothing_even_with_the_cookie(string header, string value)
    {
        await using var dashboard = await TestDashboard.StartAsync();
        using var developer = await dashboard.DeveloperAsync();
        developer.DefaultRequestHeaders.Add(header, value);

        (await developer.PostAsync("/api/resources/stripe/stop", null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await developer.PostAsync("/login", new FormUrlEncodedContent([new("t", TestDashboard.Token)]))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Pages_allow_nothing_inline_and_nothing_from_elsewhere()
    {
        await using var dashboard = await TestDashboard.StartAsync();
        using var stranger = dashboard.Stranger();

        foreach (var path in (string[])["/login", "/assets/app.js", "/api/resources"])
        {
            using var answer = await stranger.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            policy.ShouldContain("default-src 'none'");
            policy.ShouldNotContain("unsafe");
            policy.ShouldContain("frame-ancestors 'none'");
        }

        (await stranger.GetAsync("/assets/..%2Fsecrets")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Secrets_in_environments_are_masked()
    {
        await using var dashboard = await TestDashboard.StartAsync(run: true);
        using var developer = await dashboard.DeveloperAsync();

        var environment = await developer.GetStringAsync("/api/resources/stripe/environment");
        foreach (var secret in (string[])["sk_test_x", "whsec_x", "hunter2", "a-hidden-value", dashboard.Otlp.Key])
            environment.ShouldNotContain(secret);
        var variables = JsonDocument.Parse(environment).RootElement.GetProperty("variables").EnumerateArray()
            .ToDictionary(variable => variable.GetProperty("name").GetString()!, variable => variable.GetProperty("value").GetString());
        variables["ConnectionStrings__redis"].ShouldBe("127.0.0.1:1,password=••••••");
        variables["Plain"].ShouldBe("••••••");
        variables["OTEL_SERVICE_NAME"].ShouldBe("stripe");
        variables["OTEL_EXPORTER_OTLP_ENDPOINT"].ShouldBe(dashboard.Otlp.Target.Endpoint.ToString());
    }
}
