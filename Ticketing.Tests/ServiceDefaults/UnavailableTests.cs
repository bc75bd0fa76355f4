using System.Net;
using System.Net.Http.Json;
using Dapper;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.ServiceDefaults;

/// <summary>What clients see while a service's database is away, and after. Seen on Orders, with a database of its own.</summary>
public sealed class UnavailableTests(Servers servers)
{
    [Fact]
    public async Task Who_waits_too_long_for_a_row_is_told_that_others_are_at_it()
    {
        await using var platform = await TestPlatform.CreateAsync(servers, "orders");
        await using var database = await platform.OpenAsync("orders");
        using var client = (await platform.StartAsync<Ticketing.Orders.Order>()).As(Guid.CreateVersion7());
        await using var others = await database.BeginTransactionAsync();
        await database.ExecuteAsync("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE", transaction: others);

        using var answer = await client.GetAsync("/api/orders");

        (await answer.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable)).ShouldContain("Others are changing the same");
        answer.Headers.RetryAfter.ShouldNotBeNull();
        await others.RollbackAsync();
        (await client.GetAsync("/api/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task While_the_database_is_away_requests_are_503_and_afterwards_all_is_well()
    {
        await using var postgres = await TestServer.StartPostgresAsync();
        await using var platform = await TestPlatform.CreateAsync(servers);
        platform.With("ConnectionStrings:orders-db", await SetupScript.CreateDatabaseAsync(postgres.ConnectionString, "orders"));
        var orders = await platform.StartAsync<Ticketing.Orders.Order>();
        using var client = orders.As(Guid.CreateVersion7());

        await postgres.KillAsync();
        var answer = await client.GetAsync("/api/orders");
        var health = await client.GetAsync("/health");
        await postgres.StartAgainAsync();

        await answer.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        health.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await Eventually.BecomesAsync(async () => (await client.GetAsync("/api/orders")).StatusCode, HttpStatusCode.OK);
        (await client.GetFromJsonAsync<object[]>("/api/orders")).ShouldBeEmpty();
    }
}
