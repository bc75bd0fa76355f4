using Npgsql;
using Ticketing.ApiDefaults;

namespace Ticketing.Reliability;

/// <summary>
/// Sessions for as many users as a test likes, signed with the platform's own key: signing each of them up would take the
/// machine a tenth of a second of password hashing.
/// </summary>
internal sealed class Sessions(SessionTokenOptions options, SigningKey key)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    public static async Task<Sessions> OpenAsync(Platform platform, CancellationToken cancellationToken)
    {
        await using var command = platform.Database("auth").CreateCommand(
            "SELECT kid, private_key FROM signing_keys WHERE signs_from <= now() ORDER BY signs_from DESC LIMIT 1");
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
            throw new InvalidOperationException("Auth has no signing key yet.");
        return new(
            new SessionTokenOptions { Issuer = platform.Site.GetLeftPart(UriPartial.Authority) },
            new SigningKey(row.GetString(0), row.GetFieldValue<byte[]>(1)));
    }

    /// <summary>An access token, good for half a day.</summary>
    public string TokenFor(Guid userId) =>
        SessionToken.Sign(key, options, userId, $"{userId:N}@example.test", TimeProvider.System.GetUtcNow(), Lifetime);
}
