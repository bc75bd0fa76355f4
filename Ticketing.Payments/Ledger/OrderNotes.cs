using Npgsql;
using Ticketing.Contracts;
using Ticketing.Messaging;

namespace Ticketing.Payments;

/// <summary>
/// Notes what Orders tells of orders, all that come at the same time together: in a rush most orders are only noted, and noted
/// to have ended, since they are never paid.
/// </summary>
internal sealed class OrderNotes : IDisposable
{
    private readonly NpgsqlDataSource database;
    private readonly JointWrites<Note> writes;

    public OrderNotes(NpgsqlDataSource database)
    {
        this.database = database;
        writes = new(WriteAsync);
    }

    /// <summary>Notes an order, unless something newer of it is noted already.</summary>
    /// <returns>Whether it has a payment. If not, none can begin any more without seeing these news.</returns>
    public async Task<bool> Take(OrderState order, CancellationToken cancellationToken)
    {
        var note = new Note(OrderNews.Of(Order.Of(order)));
        await writes.WriteAsync(note, cancellationToken);
        return note.HasPayment;
    }

    public void Dispose() => writes.Dispose();

    private async Task WriteAsync(IReadOnlyList<Note> notes)
    {
        await using var connection = await database.OpenConnectionAsync();
        var paid = (await OrderReplica.ApplyAndFindPayments(connection, [.. notes.Select(note => note.News)])).ToHashSet();
        foreach (var note in notes)
            note.HasPayment = paid.Contains(note.News.Order.Id);
    }

    private sealed class Note(OrderNews news)
    {
        public OrderNews News => news;

        public bool HasPayment { get; set; }
    }
}
