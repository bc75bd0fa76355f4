using System.Collections;

namespace Ticketing.LocalHosting.Engine;

/// <summary>Keeps the last <paramref name="capacity"/> items; one more takes the place of the oldest. Not thread-safe.</summary>
internal sealed class Ring<T>(int capacity) : IReadOnlyList<T>
{
    // Grows with its items: most rings never fill.
    private T[] items = [];
    private int first;

    public int Count { get; private set; }

    /// <summary>From the oldest, 0, to the newest.</summary>
    public T this[int index] => index >= 0 && index < Count
        ? items[(first + index) % items.Length]
        : throw new ArgumentOutOfRangeException(nameof(index));

    public void Add(T item)
    {
        if (Count < capacity)
        {
            if (Count == items.Length)
                Grow();
            items[(first + Count++) % items.Length] = item;
            return;
        }

        items[first] = item;
        first = (first + 1) % capacity;
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // Only before it is full, so that the oldest is at 0.
    private void Grow() => Array.Resize(ref items, Math.Min(capacity, Math.Max(16, items.Length * 2)));
}
