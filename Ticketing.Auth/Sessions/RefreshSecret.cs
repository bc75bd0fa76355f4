using Dapper;
using Npgsql;

namespace Ticketing.Auth.Sessions;

/// <summary>The secret that all replicas derive successors with. The first migration drew it; it never changes.</summary>
internal sealed class RefreshSecret(NpgsqlDataSource database) : IHostedService
{
    private byte[]? value;

    public byte[] Value => value ?? throw new InvalidOperationException("Auth has not started yet.");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        value = await connection.QuerySingleAsync<byte[]>(new CommandDefinition(
            "SELECT value FROM server_secrets WHERE name = 'refresh'", cancellationToken: cancellationToken));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
