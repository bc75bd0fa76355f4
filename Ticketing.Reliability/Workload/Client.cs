using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Ticketing.Reliability;

/// <summary>Somebody who is signed in and talks to the site's API.</summary>
internal sealed class Client(HttpClient http, string token, Account account)
{
    /// <param name="what">What is tried, for the account of answers.</param>
    /// <param name="method">HTTP's method.</param>
    /// <param name="path">Where.</param>
    /// <param name="body">Sent as JSON.</param>
    /// <param name="allowed">The statuses that may come while all is well; anything else but "away" is a violation.</param>
    /// <param name="idempotencyKey">Makes a repetition safe.</param>
    public async Task<Answer> SendAsync(
        string what, HttpMethod method, string path, object? body, int[] allowed, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        if (body is not null)
            request.Content = JsonContent.Create(body);

        var answer = await SendAsync(request);
        account.Note(what, answer, allowed, $"{method} {path}");
        return answer;
    }

    public Task<Answer> GetAsync(string what, string path, params int[] allowed) =>
        SendAsync(what, HttpMethod.Get, path, null, [200, .. allowed]);

    /// <summary>Fills in a form of Stripe's hosted pages; gives where it leads, if anywhere.</summary>
    public async Task<Uri?> SubmitAsync(Uri page, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        try
        {
            using var response = await http.PostAsync(page, form);
            return response.Headers.Location is { } location ? new Uri(page, location) : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    private async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        try
        {
            using var response = await http.SendAsync(request);
            var bytes = await response.Content.ReadAsByteArrayAsync();
            return new((int)response.StatusCode, bytes.Length > 0 ? JsonSerializer.Deserialize<JsonElement>(bytes) : null);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return Answer.None;
        }
    }
}
