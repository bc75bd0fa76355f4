using System.Security.Cryptography;
using Npgsql;
using Ticketing.ServiceDefaults;

namespace Ticketing.Reliability;

/// <summary>
/// Sessions for as many users as a test likes, signed with the platform's own key: signing each of them up would take the
/// machine a tenth of a second of password hashing.
/// </summary>
internal sealed class Sessions(SessionTokenOptions options, string kid, ECDsa key) : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private readonly Lock guard = new();

    public static async Task<Sessions> OpenAsync(Platform platform, CancellationToken cancellationToken)
    {
        await using var command = platform.Database("auth").CreateCommand(
            "SELECT kid, private_key FROM signing_keys WHERE signs_from <= now() ORDER BY signs_from DESC LIMIT 1");
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
            throw new InvalidOperationException("Auth has no signing key yet.");
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(row.GetFieldValue<byte[]>(1), out _);
        return new(new SessionTokenOptions { Issuer = platform.Site.GetLeftPart(UriPartial.Authority) }, row.GetString(0), key);
    }

    /// <summary>An access token, good for half a day.</summary>
    public string TokenFor(Guid userId)
    {
        var now = TimeProvider.System.GetUtcNow();
        var token = new SessionToken(Guid.CreateVersion7(), userId, $"{userId:N}@example.test", now, now + Lifetime);
        lock (guard)
            return SessionTokenWriter.Write(token, options, kid, key);
    }

    public void Dispose() => key.Dispose();
}
