namespace Ticketing.Payments;

/// <summary>Lets the calls of this process for the same order take turns.</summary>
internal sealed class Turns
{
    private readonly Lock guard = new();
    private readonly Dictionary<Guid, Queue> queues = [];

    /// <summary>Waits for a turn, which ends when it is disposed; null when it does not come in time.</summary>
    public async Task<IDisposable?> Wait(Guid orderId, TimeSpan patience, CancellationToken cancellationToken)
    {
        var queue = Join(orderId);
        var mine = false;
        try
        {
            mine = await queue.Turn.WaitAsync(patience, cancellationToken);
            return mine ? new Mine(this, orderId, queue) : null;
        }
        finally
        {
            if (!mine)
                Leave(orderId, queue);
        }
    }

    private Queue Join(Guid orderId)
    {
        lock (guard)
        {
            if (!queues.TryGetValue(orderId, out var queue))
                queues[orderId] = queue = new Queue();
            queue.Members++;
            return queue;
        }
    }

    private void Leave(Guid orderId, Queue queue)
    {
        lock (guard)
        {
            if (--queue.Members == 0)
                queues.Remove(orderId);
        }
    }

    private sealed class Queue
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public int Members { get; set; }
    }

    private sealed class Mine(Turns turns, Guid orderId, Queue queue) : IDisposable
    {
        public void Dispose()
        {
            queue.Turn.Release();
            turns.Leave(orderId, queue);
        }
    }
}
