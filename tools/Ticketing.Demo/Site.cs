using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace Ticketing.Demo;

/// <summary>The site as anybody reaches it: its public API.</summary>
internal sealed class Site(IConfiguration configuration)
{
    private readonly Uri address = new(configuration["services:web:http:0"]
        ?? throw new InvalidOperationException("services__web__http__0: The address of the site is missing."));

    /// <summary>Signs in, or signs up who was never here.</summary>
    public async Task<Visitor> VisitAsync(string email, CancellationToken cancellationToken)
    {
        var visitor = new Visitor(address, email);
        await visitor.EnterAsync(cancellationToken);
        return visitor;
    }
}

/// <summary>What the site said when it refused something.</summary>
internal sealed class RefusedException(HttpStatusCode status, string words) : Exception($"{(int)status}: {words}")
{
    public HttpStatusCode Status => status;
}

/// <summary>Somebody with an account and a session.</summary>
internal sealed class Visitor(Uri site, string email) : IDisposable
{
    /// <summary>The password of all accounts of the demonstration.</summary>
    public const string Password = "correct horse";

    private readonly HttpClient client = new(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false })
    {
        BaseAddress = site,
        Timeout = TimeSpan.FromSeconds(30),
    };

    public string Email => email;

    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        var credentials = new { email, password = Password };
        using var signIn = await client.PostAsJsonAsync("/api/users/signin", credentials, cancellationToken);
        if (signIn.IsSuccessStatusCode)
            return;
        using var signUp = await client.PostAsJsonAsync("/api/users/signup", credentials, cancellationToken);
        await ReadAsync(signUp, cancellationToken);
    }

    public Task<(JsonNode? Body, string? Next)> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(() => new(HttpMethod.Get, path), cancellationToken);

    public async Task<JsonNode?> PostAsync(string path, object body, CancellationToken cancellationToken) =>
        (await SendAsync(() => new(HttpMethod.Post, path) { Content = JsonContent.Create(body) }, cancellationToken)).Body;

    public async Task DeleteAsync(string path, CancellationToken cancellationToken) =>
        await SendAsync(() => new(HttpMethod.Delete, path), cancellationToken);

    public void Dispose() => client.Dispose();

    /// <exception cref="RefusedException">The site said no.</exception>
    private async Task<(JsonNode? Body, string? Next)> SendAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        using var first = request();
        using var answer = await client.SendAsync(first, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.Unauthorized)
            return await ReadAsync(answer, cancellationToken);

        // A session lasts a quarter of an hour.
        await EnterAsync(cancellationToken);
        using var second = request();
        using var again = await client.SendAsync(second, cancellationToken);
        return await ReadAsync(again, cancellationToken);
    }

    private static async Task<(JsonNode? Body, string? Next)> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        var body = answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) is true ? JsonNode.Parse(text) : null;
        if (!answer.IsSuccessStatusCode)
            throw new RefusedException(answer.StatusCode, body?["errors"]?[0]?["message"]?.GetValue<string>() ?? answer.ReasonPhrase ?? "");
        var next = answer.Headers.TryGetValues("Link", out var links) ? links.First().Split('<', '>')[1] : null;
        return (body, next);
    }
}
