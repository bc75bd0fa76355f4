using System.Collections.Frozen;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Ticketing.ServiceDefaults;

/// <summary>
/// Auth's published keys, fetched over HTTP and kept. They are fetched again for a name that is not known (at most once in
/// <see cref="MinimumAge"/>, whoever asks) and, in the background, when they are older than <see cref="MaximumAge"/>, so
/// that a withdrawn key is forgotten. While Auth does not answer, the keys at hand stay in use.
/// </summary>
internal sealed class HttpJsonWebKeys(IHttpClientFactory clients, TimeProvider time, ILogger<HttpJsonWebKeys> logger)
    : IJsonWebKeys
{
    public const string Client = "auth";

    public static readonly TimeSpan MinimumAge = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan MaximumAge = TimeSpan.FromMinutes(5);

    // Before the first success every caller waits, so it is tried more often.
    public static readonly TimeSpan FirstFetchPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);
    private const int MaxResponseBytes = 64 * 1024;

    private readonly Lock gate = new();
    private Task fetch = Task.CompletedTask;
    private long? attemptedAt;
    private volatile FrozenDictionary<string, VerificationKey>? known;

    public async ValueTask<VerificationKey?> FindAsync(string kid, CancellationToken cancellationToken)
    {
        if (known?.GetValueOrDefault(kid) is { } key)
        {
            _ = RefreshAsync(MaximumAge);
            return key;
        }

        await RefreshAsync(known is null ? FirstFetchPause : MinimumAge).WaitAsync(cancellationToken);
        return (known ?? throw new JsonWebKeysUnavailableException()).GetValueOrDefault(kid);
    }

    /// <summary>Joins the fetch that is under way, or starts one if the last attempt is long enough ago. Never fails.</summary>
    private Task RefreshAsync(TimeSpan pause)
    {
        lock (gate)
        {
            if (!fetch.IsCompleted) return fetch;
            if (attemptedAt is { } last && time.GetElapsedTime(last) < pause) return Task.CompletedTask;

            attemptedAt = time.GetTimestamp();
            return fetch = Task.Run(FetchAsync, CancellationToken.None);
        }
    }

    private async Task FetchAsync()
    {
        try
        {
            using var client = clients.CreateClient(Client);
            client.Timeout = Timeout;
            client.MaxResponseContentBufferSize = MaxResponseBytes;
            using var response = await client.GetAsync(new Uri("/.well-known/jwks.json", UriKind.Relative));
            response.EnsureSuccessStatusCode();
            known = Parse(await response.Content.ReadFromJsonAsync<JsonWebKeySet>(JsonSerializerOptions.Web));
        }
        // Whatever went wrong must not fail the request that happened to start the fetch; what is known stays in use.
        catch (Exception failure)
        {
            AuthenticationLog.KeysNotFetched(logger, known?.Count ?? 0, failure);
        }
    }

    private static FrozenDictionary<string, VerificationKey> Parse(JsonWebKeySet? set)
    {
        // Keys of other kinds are skipped (RFC 7517, section 5), but an answer without any key of ours is no key set.
        var keys = new Dictionary<string, VerificationKey>();
        foreach (var published in set?.Keys ?? [])
        {
            if (published is not null && published.TryImport(out var key)) keys[key.Kid] = key;
        }

        return keys.Count > 0 ? keys.ToFrozenDictionary() : throw new InvalidDataException("Auth's answer holds no usable key.");
    }
}
