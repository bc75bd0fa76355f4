using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using Ticketing.ServiceDefaults;

namespace Ticketing.Tests.AppHost;

/// <summary>People who look, buy and cancel, one thing after the other, through all replicas of the site as behind a load balancer.</summary>
internal sealed class Buyers : IAsyncDisposable
{
    private readonly IHost balancer;
    private readonly HttpClient client;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentBag<(string Session, string Id)> orders = [];
    private Task buying = Task.CompletedTask;

    private Buyers(IReadOnlyList<string> sites)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        for (var i = 0; i < sites.Count; i++)
            builder.Configuration[$"services:web:http:{i}"] = sites[i];
        builder.Services.AddServiceDiscovery();
        builder.AddServiceClient("web", TimeSpan.FromSeconds(60));
        balancer = builder.Build();
        client = balancer.Services.GetRequiredService<IHttpClientFactory>().CreateClient("web");
    }

    /// <summary>Every request that was not answered as it should be.</summary>
    public ConcurrentQueue<string> Failures { get; } = [];

    public int Orders => orders.Count;

    public static async Task<Buyers> StartAsync(IReadOnlyList<string> sites, int count)
    {
        var buyers = new Buyers(sites);
        var sessions = new List<string>();
        for (var i = 0; i < count; i++)
            sessions.Add(await buyers.SignUpAsync());
        var ticket = await buyers.SendAsync(HttpMethod.Post, "/api/tickets", sessions[0], new { title = "Concert", price = 20, quantity = 100_000 });
        var id = ticket!["id"]!.ToString();
        buyers.Failures.ShouldBeEmpty();
        await Infrastructure.Eventually.HoldsAsync(async () =>
        {
            var order = await buyers.SendAsync(HttpMethod.Post, "/api/orders", sessions[0], new { ticketId = id });
            buyers.Failures.Clear();
            return order is not null;
        }, "the tickets can be bought");
        buyers.buying = Task.WhenAll(sessions.Select((session, number) => buyers.BuyAsync(session, id, number)));
        return buyers;
    }

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await buying;
    }

    /// <summary>Whatever was answered with 201 is there.</summary>
    public async Task ShouldFindEveryOrderAsync()
    {
        foreach (var (session, id) in orders)
            (await SendAsync(HttpMethod.Get, $"/api/orders/{id}", session)).ShouldNotBeNull();
        Failures.ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        client.Dispose();
        balancer.Dispose();
        stop.Dispose();
    }

    private async Task<string> SignUpAsync()
    {
        using var answer = await client.PostAsJsonAsync(
            "/api/users/signup", new { email = $"{Guid.NewGuid():N}@example.com", password = "correct horse" });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        return answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("session=", StringComparison.Ordinal)).Split(';')[0];
    }

    private async Task BuyAsync(string session, string ticket, int number)
    {
        for (var round = number; !stop.IsCancellationRequested; round++)
        {
            // Enough that each replica always has a request; the processors are for those that start.
            await Task.Delay(TimeSpan.FromMilliseconds(100));
            await SendAsync(HttpMethod.Get, "/", session);
            await SendAsync(HttpMethod.Get, $"/api/tickets/{ticket}", session);
            await SendAsync(HttpMethod.Get, "/api/users/currentuser", session);
            if (await SendAsync(HttpMethod.Post, "/api/orders", session, new { ticketId = ticket }) is not { } order)
                continue;
            var id = order["id"]!.ToString();
            orders.Add((session, id));
            await SendAsync(HttpMethod.Get, $"/api/orders/{id}", session);
            if (round % 2 == 0)
                await SendAsync(HttpMethod.Delete, $"/api/orders/{id}", session);
            else
                await SendAsync(HttpMethod.Post, "/api/payments", session, new { orderId = id, token = "tok_visa" });
        }
    }

    /// <summary>Sends a request; anything but success is noted as a failure, and null.</summary>
    private async Task<JsonNode?> SendAsync(HttpMethod method, string path, string session, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Cookie", session);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        if (method == HttpMethod.Post && path == "/api/orders")
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        // As the site does: what may have been done or not is asked for again. A connection that waits to be accepted when a
        // replica ends is reset, which a busy machine shows.
        if (method == HttpMethod.Delete || path is "/api/orders" or "/api/payments")
            request.AllowRepeat();
        try
        {
            using var answer = await client.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.IsSuccessStatusCode)
                return answer.Content.Headers.ContentType?.MediaType == "application/json" ? JsonNode.Parse(text) : JsonValue.Create(text);
            Failures.Enqueue($"{TimeProvider.System.GetUtcNow():T} {method} {path}: {(int)answer.StatusCode} {text}");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
        {
            Failures.Enqueue($"{TimeProvider.System.GetUtcNow():T} {method} {path}: {failure.Message} {failure.InnerException?.Message}");
        }
        return null;
    }
}
