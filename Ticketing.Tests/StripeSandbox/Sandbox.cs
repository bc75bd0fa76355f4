using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Ticketing.StripeSandbox;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.StripeSandbox;

/// <summary>The sandbox of one test class, and what its tests do to it again and again.</summary>
public sealed class Sandbox : IAsyncLifetime
{
    private readonly TestUsers users = new();
    private readonly Dictionary<string, string> settings = new() { ["Sandbox:SecretKey"] = Key };

    internal const string Key = "sk_test_tests";

    internal const string NewIntent = "amount=1999&currency=usd&capture_method=manual&payment_method_types[]=card";

    internal const string NewSession = "mode=payment&line_items[0][quantity]=1&line_items[0][price_data][currency]=usd"
        + "&line_items[0][price_data][unit_amount]=1999&line_items[0][price_data][product_data][name]=Concert&success_url=https://shop.test/";

    internal TestClock Clock { get; } = new();

    internal TestService<SandboxOptions> Service { get; private set; } = null!;

    internal HttpClient Client { get; private set; } = null!;

    public ValueTask InitializeAsync()
    {
        Start();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        users.Dispose();
    }

    internal Sandbox With(string key, string value)
    {
        settings[$"Sandbox:{key}"] = value;
        return this;
    }

    internal void Start()
    {
        Service = new TestService<SandboxOptions>(settings, Clock, users);
        Client = Service.Anonymous();
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    internal async Task StopAsync()
    {
        Client.Dispose();
        await Service.DisposeAsync();
    }

    /// <summary>A call with form fields, as Stripe's clients make it.</summary>
    internal async Task<Answer> PostAsync(string path, string form = "", string? key = null)
    {
        using var request = Post(path, form, key);
        using var response = await Client.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    internal static HttpRequestMessage Post(string path, string form, string? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(form, new MediaTypeHeaderValue("application/x-www-form-urlencoded")),
        };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return request;
    }

    internal async Task<Answer> GetAsync(string path)
    {
        using var response = await Client.GetAsync(path);
        return await Answer.ReadAsync(response);
    }

    internal async Task OrderFaultAsync(object fault) =>
        (await Client.PostAsJsonAsync("/sandbox/faults", fault, JsonSerializerOptions.Web)).EnsureSuccessStatusCode();

    internal async Task<Answer> CreateIntentAsync(string more = "", string? key = null) =>
        await PostAsync("/v1/payment_intents", NewIntent + more, key);

    internal Task<Answer> ConfirmAsync(string id, string token, string more = "", string? key = null) =>
        PostAsync($"/v1/payment_intents/{id}/confirm", $"payment_method_data[type]=card&payment_method_data[card][token]={token}{more}", key);

    /// <summary>Fills in a hosted page and presses its button.</summary>
    internal async Task<(int Status, string? Location, string Html)> PayAsync(string page, string number, string expiry = "12/40", string cvc = "123")
    {
        using var browser = Service.Anonymous();
        using var response = await browser.PostAsync(page, new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["card_number"] = number,
            ["expiry"] = expiry,
            ["cvc"] = cvc,
        }));
        return ((int)response.StatusCode, response.Headers.Location?.OriginalString, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Presses a button of a 3-D Secure page.</summary>
    internal async Task<string?> AnswerChallengeAsync(string page, string answer)
    {
        using var browser = Service.Anonymous();
        using var response = await browser.PostAsync(page, new FormUrlEncodedContent(new Dictionary<string, string> { ["answer"] = answer }));
        ((int)response.StatusCode).ShouldBe(303);
        return response.Headers.Location?.OriginalString;
    }
}

/// <summary>An answer of the API.</summary>
internal sealed record Answer(int Status, JsonNode Body, HttpResponseHeaders Headers)
{
    public string Id => Text("id");

    public string? ErrorCode => Body["error"]?["code"]?.GetValue<string>();

    public string? ErrorMessage => Body["error"]?["message"]?.GetValue<string>();

    public bool Replayed => Headers.Contains("Idempotent-Replayed");

    public string Text(string field) => Body[field]!.GetValue<string>();

    public long Number(string field) => Body[field]!.GetValue<long>();

    public Answer Ok()
    {
        Status.ShouldBe(200, Body.ToJsonString());
        return this;
    }

    public static async Task<Answer> ReadAsync(HttpResponseMessage response) =>
        new((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!, response.Headers);
}
