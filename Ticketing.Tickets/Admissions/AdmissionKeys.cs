using System.Buffers.Text;
using System.Security.Cryptography;
using Dapper;
using Npgsql;
using Ticketing.ApiDefaults;

namespace Ticketing.Tickets.Admissions;

/// <summary>The keys that sign tickets' codes: shared by all replicas through the database, kept in memory.</summary>
internal sealed partial class AdmissionKeys(NpgsqlDataSource database, TimeProvider clock, ILogger<AdmissionKeys> logger)
    : IHostedService
{
    // Any number will do that nothing else in this database locks.
    private const long AdvisoryLock = 7_428_201;

    // Of the name, which stands in every code: short, and no two keys will share it.
    private const int KidBytes = 6;

    private IReadOnlyList<SigningKey> keys = [];

    /// <summary>The one that signs.</summary>
    public SigningKey Current => keys[^1];

    /// <summary>All that verify.</summary>
    public IReadOnlyList<SigningKey> All => keys;

    /// <summary>Reads the keys before the first request; the first start of all makes one.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // One replica at a time, so that two that start together make one key.
        await connection.ExecuteAsync(new CommandDefinition(
            "SELECT pg_advisory_xact_lock(@AdvisoryLock)", new { AdvisoryLock }, transaction, cancellationToken: cancellationToken));
        var made = await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO admission_keys (kid, private_key, created_at)
            SELECT @kid, @privateKey, @now WHERE NOT EXISTS (SELECT FROM admission_keys)
            """,
            new
            {
                kid = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KidBytes)),
                privateKey = SigningKey.Generate(),
                now = clock.GetUtcNow(),
            },
            transaction, cancellationToken: cancellationToken));
        var stored = await connection.QueryAsync<(string Kid, byte[] PrivateKey)>(new CommandDefinition(
            "SELECT kid, private_key FROM admission_keys ORDER BY created_at, kid", transaction: transaction, cancellationToken: cancellationToken));
        keys = [.. stored.Select(key => new SigningKey(key.Kid, key.PrivateKey))];
        await transaction.CommitAsync(cancellationToken);
        if (made > 0)
            LogMade(Current.Verifier.Kid);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "Made the key {Kid}, which signs tickets' codes from now on")]
    private partial void LogMade(string kid);
}
