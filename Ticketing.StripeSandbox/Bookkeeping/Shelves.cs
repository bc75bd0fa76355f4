namespace Ticketing.StripeSandbox.Bookkeeping;

/// <summary>Entries by their kind and id.</summary>
internal sealed class Shelves
{
    private readonly Dictionary<Type, Dictionary<string, Entry>> shelves = [];

    public List<Entry> Everything => [.. shelves.Values.SelectMany(shelf => shelf.Values)];

    public T? Find<T>(string id)
        where T : Entry =>
        shelves.TryGetValue(typeof(T), out var shelf) ? shelf.GetValueOrDefault(id) as T : null;

    public IEnumerable<T> All<T>()
        where T : Entry =>
        shelves.TryGetValue(typeof(T), out var shelf) ? shelf.Values.Cast<T>() : [];

    public void Apply(JournalLine line)
    {
        foreach (var entry in line.Put)
        {
            if (!shelves.TryGetValue(entry.GetType(), out var shelf))
                shelves[entry.GetType()] = shelf = new(StringComparer.Ordinal);
            shelf[entry.Id] = entry;
        }

        foreach (var id in line.Removed)
        {
            foreach (var shelf in shelves.Values)
                shelf.Remove(id);
        }
    }
}
