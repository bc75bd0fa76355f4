using Npgsql;
using Ticketing.ServiceDefaults;

namespace Ticketing.Payments;

/// <summary>
/// Notes what Orders tells of orders, all that a message tells in one statement: in a rush most orders are only noted, and noted
/// to have ended, since they are never paid.
/// </summary>
internal sealed class OrderNotes(NpgsqlDataSource database, Retention retention)
{
    /// <summary>Notes orders, each unless something newer of it is noted already.</summary>
    /// <returns>Those that have a payment. For the others none can begin any more without seeing these news.</returns>
    public async Task<IReadOnlySet<Guid>> Take(IReadOnlyList<OrderNews> news, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await OrderReplica.ApplyAndFindPayments(connection, news, retention.FirstHeeded, cancellationToken)).ToHashSet();
    }
}
