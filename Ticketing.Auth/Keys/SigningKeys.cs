using Dapper;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Npgsql;
using Ticketing.ApiDefaults;

namespace Ticketing.Auth.Keys;

/// <summary>
/// The keys, shared by all replicas through the database and kept in memory: signing and verifying need no query, and go
/// on while the database is away.
/// </summary>
internal sealed partial class SigningKeys(
    NpgsqlDataSource database, IOptions<SigningKeyOptions> options, IOptions<SessionTokenOptions> tokens, TimeProvider time,
    ILogger<SigningKeys> logger) : IConfigurationManager<OpenIdConnectConfiguration>, IHostedService
{
    // Any number will do that nothing else in this database locks.
    private const long AdvisoryLock = 7_428_101;

    private volatile IReadOnlyList<ScheduledKey> keys = [];
    private volatile OpenIdConnectConfiguration configuration = new();

    /// <summary>What is published: all keys, the next one included.</summary>
    public PublishedKeys Published => PublishedKeys.Of(keys.Select(scheduled => scheduled.Key));

    /// <summary>An access token.</summary>
    public string Sign(Guid userId, string email, TimeSpan lifetime)
    {
        var now = time.GetUtcNow();
        var key = KeySchedule.Current(keys, scheduled => scheduled.SignsFrom, now).Key;
        return SessionToken.Sign(key, tokens.Value, userId, email, now, lifetime);
    }

    /// <summary>What Auth itself verifies with: no fetch from itself.</summary>
    public Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel) => Task.FromResult(configuration);

    /// <summary>Does nothing: the keys are read again every minute.</summary>
    public void RequestRefresh()
    {
    }

    /// <summary>Makes and retires keys as the schedule says, and takes over what other replicas did.</summary>
    public async Task MaintainAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // One replica at a time; so two that start together for the first time make one key.
        await Execute("SELECT pg_advisory_xact_lock(@AdvisoryLock)", new { AdvisoryLock });

        var now = time.GetUtcNow();
        var stored = await Load();
        var plan = KeySchedule.Plan([.. stored.Select(key => new KeyTimes(key.Kid, key.SignsFrom))], now, options.Value.Rotation);
        if (plan.NewKeySignsFrom is { } signsFrom)
        {
            var kid = Guid.CreateVersion7(now).ToString("N");
            await Execute(
                "INSERT INTO signing_keys (kid, private_key, signs_from) VALUES (@kid, @privateKey, @signsFrom)",
                new { kid, privateKey = SigningKey.Generate(), signsFrom });
            LogCreated(kid, signsFrom);
        }

        foreach (var kid in plan.Retired)
        {
            await Execute("DELETE FROM signing_keys WHERE kid = @kid", new { kid });
            LogRetired(kid);
        }

        stored = await Load();
        await transaction.CommitAsync(cancellationToken);
        keys = [.. stored.Select(key => keys.FirstOrDefault(known => known.Key.Verifier.Kid == key.Kid) ?? key.Import())];
        configuration = SigningKey.ToConfiguration(keys.Select(scheduled => scheduled.Key));

        Task Execute(string sql, object parameters) =>
            connection.ExecuteAsync(new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken));

        async Task<List<StoredKey>> Load() => (await connection.QueryAsync<StoredKey>(new CommandDefinition(
            "SELECT kid, private_key, signs_from FROM signing_keys ORDER BY signs_from, kid",
            transaction: transaction, cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>No request is answered before the keys are there.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => MaintainAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "Made the signing key {Kid}; it signs from {SignsFrom:O}.")]
    private partial void LogCreated(string kid, DateTimeOffset signsFrom);

    [LoggerMessage(LogLevel.Information, "Retired the signing key {Kid}: no token of its is good any more.")]
    private partial void LogRetired(string kid);

    private sealed record StoredKey(string Kid, byte[] PrivateKey, DateTimeOffset SignsFrom)
    {
        public ScheduledKey Import() => new(new SigningKey(Kid, PrivateKey), SignsFrom);
    }
}
