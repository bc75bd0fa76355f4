using Ticketing.StripeSandbox.Protocol;

namespace Ticketing.StripeSandbox.Bookkeeping;

/// <summary>On whose behalf the books are changed, as events name it.</summary>
/// <param name="Origin">The origin of the hosted pages, without a slash at its end.</param>
internal sealed record Caller(string Origin, string? RequestId = null, string? Key = null);

/// <summary>The books as one piece of work sees and changes them.</summary>
internal sealed class BooksTransaction(Shelves shelves, DateTimeOffset now, Caller caller)
{
    private readonly Dictionary<string, Entry?> changes = new(StringComparer.Ordinal);

    /// <summary>Unix seconds.</summary>
    public long Now { get; } = now.ToUnixTimeSeconds();

    /// <summary>The origin of the hosted pages.</summary>
    public string Origin => caller.Origin;

    public T? Find<T>(string id)
        where T : Entry =>
        changes.TryGetValue(id, out var changed) ? changed as T : shelves.Find<T>(id);

    public IEnumerable<T> All<T>()
        where T : Entry =>
        shelves.All<T>().Where(entry => !changes.ContainsKey(entry.Id)).Concat(changes.Values.OfType<T>());

    public T Put<T>(T entry)
        where T : Entry
    {
        changes[entry.Id] = entry;
        return entry;
    }

    public void Remove(string id) => changes[id] = null;

    /// <summary>Writes down that something happened, and a delivery for every endpoint that wants to hear of it.</summary>
    /// <param name="type">Stripe's name, e.g. <c>payment_intent.succeeded</c>.</param>
    /// <param name="view">The thing that it happened to, as the API shows it.</param>
    public void Publish(string type, object view)
    {
        var happened = Put(new StripeEvent(StripeJson.NewId("evt"), Now, type, StripeJson.Write(view), caller.RequestId, caller.Key));
        foreach (var endpoint in All<WebhookEndpoint>().Where(endpoint => endpoint.Events.Contains("*") || endpoint.Events.Contains(type)).ToList())
            Put(new Delivery(StripeJson.NewId("whd"), Now, happened.Id, endpoint.Id, 0, now.ToUnixTimeMilliseconds()));
    }

    public JournalLine Changes() => new(
        [.. changes.Values.OfType<Entry>()],
        [.. changes.Where(pair => pair.Value is null).Select(pair => pair.Key)]);
}
