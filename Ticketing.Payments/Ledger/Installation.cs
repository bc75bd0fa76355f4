using Dapper;
using Npgsql;

namespace Ticketing.Payments;

/// <summary>
/// Which installation of the platform this is, where several share an account at Stripe. The id is made by a migration and
/// lives with the payments, so that all replicas, and a restored database, have the same.
/// </summary>
internal sealed class Installation(NpgsqlDataSource database)
{
    private string? id;

    /// <summary>The id, read once.</summary>
    public async ValueTask<string> GetIdAsync(CancellationToken cancellationToken)
    {
        if (id is not null)
            return id;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var stored = await connection.QuerySingleAsync<Guid>(
            new CommandDefinition("SELECT id FROM installation", cancellationToken: cancellationToken));
        return id = stored.ToString();
    }
}
