using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Ticketing.Orders.Placing;

/// <summary>
/// A bounded queue of lines, one for each key. Within a line it is first come, first served; lines take turns, so that a
/// long one does not keep the others waiting; and a line is in one hand at a time, so that its order holds and two hands
/// never work on the same key. Nobody joins a crowd whose first has waited too long already: he is told so at once instead of
/// after as long a wait. Safe for any number of threads.
/// </summary>
/// <param name="capacity">How many may wait in all, at least 1.</param>
/// <param name="capacityPerKey">How many may wait in one line, at least 1: less than all, so that one line leaves room.</param>
/// <param name="crowd">Fewer than so many may wait as long as it takes.</param>
/// <param name="longestWait">When the first of a line has waited for longer, the line is closed; when a line has waited longer for its turn, all are.</param>
/// <param name="since">When an item came, by the clock's timestamp.</param>
/// <param name="clock">Measures how long they wait.</param>
internal sealed class FairQueue<TKey, TItem>(
    int capacity, int capacityPerKey, int crowd, TimeSpan longestWait, Func<TItem, long> since, TimeProvider clock)
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, Line> lines = [];

    // Each line that somebody waits in and nobody serves, once. Written and read under the gate.
    private readonly Channel<Line> turns = Channel.CreateUnbounded<Line>();

    private int waiting;
    private bool closed;

    /// <summary>How many wait now.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>Goes to the end of the key's line; false if there is no room, or the queue is closed.</summary>
    public bool TryAdd(TKey key, TItem item)
    {
        lock (gate)
        {
            if (IsFull(key))
                return false;
            var line = CollectionsMarshal.GetValueRefOrAddDefault(lines, key, out _) ??= new Line(key);
            line.Items.Enqueue(item);
            waiting++;
            if (line.Items.Count == 1 && !line.Served)
                StandForTurn(line);
            return true;
        }
    }

    /// <summary>Whether nobody may join the key's line now.</summary>
    public bool IsClosed(TKey key)
    {
        lock (gate)
            return IsFull(key);
    }

    /// <summary>
    /// Waits until there is something, and takes what is there, at most so many, of the lines whose turn it is. Nobody
    /// else gets any of these lines until they are given back. Null when the queue is closed and nothing is left.
    /// </summary>
    public async ValueTask<Hand?> TakeAsync(int most, CancellationToken cancellationToken)
    {
        while (await turns.Reader.WaitToReadAsync(cancellationToken))
        {
            if (Take(most) is { Items.Count: > 0 } hand)
                return hand;
        }
        return null;
    }

    /// <summary>Ends the turn of the lines in a hand; those who were not served yet stand in front again, in their order.</summary>
    public void GiveBack(Hand hand, IReadOnlyList<(TKey Key, TItem Item)> unserved)
    {
        lock (gate)
        {
            foreach (var line in hand.Lines)
            {
                TItem[] inFront = [.. unserved.Where(item => item.Key.Equals(line.Key)).Select(item => item.Item)];
                if (inFront.Length > 0)
                    line.Items = new Queue<TItem>([.. inFront, .. line.Items]);
                waiting += inFront.Length;
                line.Served = false;
                if (line.Items.Count > 0)
                    StandForTurn(line);
                else
                    lines.Remove(line.Key);
            }
            CompleteIfOver();
        }
    }

    /// <summary>From now on nobody gets in; those who wait are still served.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            CompleteIfOver();
        }
    }

    private Hand Take(int most)
    {
        var hand = new Hand([], []);
        lock (gate)
        {
            while (hand.Items.Count < most && turns.Reader.TryRead(out var line))
            {
                line.Served = true;
                hand.Lines.Add(line);
                while (hand.Items.Count < most && line.Items.TryDequeue(out var item))
                    hand.Items.Add(item);
            }
            waiting -= hand.Items.Count;
        }
        return hand;
    }

    private void StandForTurn(Line line)
    {
        line.Ready = clock.GetTimestamp();
        turns.Writer.TryWrite(line);
    }

    private bool IsFull(TKey key) =>
        closed || waiting >= capacity || (waiting >= crowd && turns.Reader.TryPeek(out var next) && IsTooLong(next.Ready))
        || (lines.TryGetValue(key, out var line) && IsFull(line));

    private bool IsFull(Line line) =>
        line.Items.Count >= capacityPerKey || (line.Items.Count >= crowd && IsTooLong(since(line.Items.Peek())));

    private bool IsTooLong(long timestamp) => clock.GetElapsedTime(timestamp) > longestWait;

    private void CompleteIfOver()
    {
        if (closed && lines.Count == 0)
            turns.Writer.TryComplete();
    }

    /// <summary>What was taken, and the lines that it is from.</summary>
    internal sealed record Hand(List<TItem> Items, List<Line> Lines);

    internal sealed class Line(TKey key)
    {
        public TKey Key => key;

        public Queue<TItem> Items { get; set; } = [];

        public bool Served { get; set; }

        /// <summary>Since when it waits for its turn.</summary>
        public long Ready { get; set; }
    }
}
