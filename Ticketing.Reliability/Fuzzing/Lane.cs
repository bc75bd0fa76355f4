using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Ticketing.Reliability.Fuzzing;

/// <summary>
/// The users of one lane of requests and what they own: the actor who sends them, a scapegoat whose password may be tried,
/// and a victim whose things nobody else may touch.
/// </summary>
internal sealed class Lane : IDisposable
{
    private const int Remembered = 20;
    private const int MaxLooks = 300;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Func<string, CancellationToken, Task<string>> signIn;
    private readonly HttpClient http;

    public Lane(Uri site, Func<string, CancellationToken, Task<string>> signIn)
    {
        this.signIn = signIn;
        http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = site };
    }

    public string Actor { get; private set; } = "";

    public string Scapegoat { get; private set; } = "";

    public string Victim { get; private set; } = "";

    public Guid VictimsTicket { get; private set; }

    public Guid VictimsOrder { get; private set; }

    /// <summary>The actor's newest, the newest first.</summary>
    public List<Guid> Tickets { get; } = [];

    public List<Guid> Orders { get; } = [];

    /// <summary>Makes users and objects: the victim has a listing and has paid for an order; the actor has one of each too.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await RenewAsync(cancellationToken);
        VictimsTicket = await PostAsync(Victim, "/api/tickets", new { title = "The victim's", price = 10, quantity = 100 }, cancellationToken);
        VictimsOrder = await PostAsync(Victim, "/api/orders", new { ticketId = VictimsTicket, quantity = 2 }, cancellationToken);
        await PostAsync(Victim, "/api/payments", new { orderId = VictimsOrder, token = "tok_visa" }, cancellationToken);
        await IsPaidAsync(Victim, VictimsOrder, cancellationToken);
        Tickets.Add(await PostAsync(Actor, "/api/tickets", new { title = "The actor's", price = 5, quantity = 100_000 }, cancellationToken));
        Orders.Add(await PostAsync(Actor, "/api/orders", new { ticketId = Tickets[0] }, cancellationToken));
    }

    /// <summary>Gets new tokens for all; they last 15 minutes.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        Actor = await signIn("actor", cancellationToken);
        Scapegoat = await signIn("scapegoat", cancellationToken);
        Victim = await signIn("victim", cancellationToken);
    }

    /// <summary>Remembers what an accepted request made, and waits until what it set going is over.</summary>
    public async Task LearnAsync(Route route, RawAnswer answer, CancellationToken cancellationToken)
    {
        if (answer.Status != 201 || Id(answer.Text) is not { } id)
            return;
        switch (route.Path)
        {
            case "/api/tickets":
                Remember(Tickets, id);
                break;
            case "/api/orders":
                Remember(Orders, id);
                break;
            case "/api/payments":
                await SettleAsync(id, cancellationToken);
                break;
        }
    }

    /// <summary>
    /// What the actor and the victim own, without what changes by itself: an unpaid order may run out, the number of
    /// tickets left follows the orders a moment later.
    /// </summary>
    public async Task<IReadOnlyList<string>> LookAsync(CancellationToken cancellationToken)
    {
        var looks = await Task.WhenAll(
            ListingsAsync(Actor, cancellationToken), OrdersAsync(Actor, cancellationToken),
            ListingsAsync(Victim, cancellationToken), OrdersAsync(Victim, cancellationToken));
        return [.. looks.SelectMany(look => look)];
    }

    public void Dispose() => http.Dispose();

    private static void Remember(List<Guid> ids, Guid id)
    {
        ids.Insert(0, id);
        if (ids.Count > Remembered)
            ids.RemoveAt(Remembered);
    }

    private async Task<IEnumerable<string>> ListingsAsync(string token, CancellationToken cancellationToken)
    {
        var seller = new JsonWebToken(token).Subject;
        var tickets = await GetAsync(token, $"/api/tickets?seller={seller}&all=true&limit={Remembered}", cancellationToken);
        return tickets.AsArray().Select(ticket => string.Join('|', Names("id", "title", "price", "quantity", "venue", "startsAt", "description", "version")
            .Select(name => $"{name}={ticket![name]?.ToJsonString()}")));
    }

    private async Task<IEnumerable<string>> OrdersAsync(string token, CancellationToken cancellationToken)
    {
        var orders = await GetAsync(token, $"/api/orders?limit={Remembered}", cancellationToken);
        return orders.AsArray().Select(order => string.Join('|', Names("id", "quantity", "amount")
            .Select(name => $"{name}={order![name]?.ToJsonString()}")
            .Append($"status={State(order!)}")));
    }

    private static string[] Names(params string[] names) => names;

    private static string State(JsonNode order) => (order["status"]!.GetValue<string>(), order["reason"]?.GetValue<string>()) switch
    {
        ("created" or "awaiting:payment", _) or ("cancelled", "expired") => "unpaid",
        (var status, var reason) => $"{status} {reason}",
    };

    /// <summary>Waits until the order that was paid is complete.</summary>
    private async Task SettleAsync(Guid payment, CancellationToken cancellationToken)
    {
        foreach (var order in Orders)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/payments/{order}");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Actor);
            using var answer = await http.SendAsync(request, cancellationToken);
            if (answer.IsSuccessStatusCode && Id(await answer.Content.ReadAsStringAsync(cancellationToken)) == payment)
                await IsPaidAsync(Actor, order, cancellationToken);
        }
    }

    private async Task IsPaidAsync(string token, Guid order, CancellationToken cancellationToken)
    {
        for (var look = 0; look < MaxLooks; look++)
        {
            if ((await GetAsync(token, $"/api/orders/{order}", cancellationToken))["status"]!.GetValue<string>() is "complete" or "cancelled")
                return;
            await Task.Delay(Pause, cancellationToken);
        }
        throw new InvalidOperationException($"The order {order} is paid and did not become complete.");
    }

    private async Task<JsonNode> GetAsync(string token, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!;
    }

    // What the step before made may take a second to be known everywhere.
    private async Task<Guid> PostAsync(string token, string path, object body, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await http.SendAsync(request, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (answer.StatusCode == HttpStatusCode.Created && Id(text) is { } id)
                return id;
            if (attempt == MaxLooks)
                throw new InvalidOperationException($"POST {path} answered {(int)answer.StatusCode}: {text}");
            await Task.Delay(Pause, cancellationToken);
        }
    }

    private static Guid? Id(string json)
    {
        try
        {
            return JsonNode.Parse(json) is JsonObject thing && Guid.TryParse(thing["id"]?.ToString(), out var id) ? id : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
