using Dapper;
using Microsoft.Data.Sqlite;
using Stripe.Checkout;

namespace Ticketing.StripeSandbox.Store;

/// <summary>On whose behalf the store changes, as events name it.</summary>
/// <param name="Origin">The origin of the hosted pages, without a slash at its end.</param>
internal sealed record Caller(string Origin, string? RequestId = null, string? Key = null)
{
    /// <summary>The sandbox itself.</summary>
    public static readonly Caller None = new("");
}

/// <summary>The store inside a transaction. Objects are Stripe.net's own, so they have the fields of its API version.</summary>
internal sealed class SandboxTransaction(SqliteConnection connection, DateTimeOffset now, Caller caller)
{
    /// <summary>How long a bank holds authorized money: https://docs.stripe.com/payments/place-a-hold-on-a-payment-method.</summary>
    private static readonly TimeSpan Authorization = TimeSpan.FromDays(7);

    public SqliteConnection Connection => connection;

    /// <summary>In whole seconds.</summary>
    public DateTime Now { get; } = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()).UtcDateTime;

    public string Origin => caller.Origin;

    /// <summary>Whether an event was published that waits for its delivery.</summary>
    public bool Published { get; private set; }

    public T? Find<T>(string? id)
        where T : StripeEntity, IHasObject =>
        id?.StartsWith(StripeId.Prefix<T>(), StringComparison.Ordinal) is true
        && connection.QuerySingleOrDefault<string>("SELECT json FROM objects WHERE id = @id", new { id }) is { } json ? StripeJson.Read<T>(json) : null;

    /// <summary>The object with this id; if there is none, 404.</summary>
    public T Get<T>(string id, string parameter = "id")
        where T : StripeEntity, IHasObject =>
        Find<T>(id) ?? throw StripeFailure.NoSuch(StripeId.TypeName<T>(), id, parameter);

    /// <summary>What has run out by now.</summary>
    public IEnumerable<T> Due<T>()
        where T : StripeEntity, IHasObject =>
        connection.Query<string>("SELECT json FROM objects WHERE due <= @now AND id BETWEEN @prefix AND @prefix || '~'",
            new { now = Unix(Now), prefix = StripeId.Prefix<T>() }).Select(StripeJson.Read<T>);

    /// <summary>
    /// A page, newest first: <c>limit</c> (1–100, default 10), <c>starting_after</c> an id, and the given filters, which are
    /// parameters named as fields of the object.
    /// </summary>
    public StripeList<T> List<T>(StripeForm form, string url, params ReadOnlySpan<string> filters)
        where T : StripeEntity, IHasObject, IHasId
    {
        form.Only(["limit", "starting_after", .. filters]);
        var limit = form.Integer("limit") ?? 10;
        if (limit is < 1 or > 100)
            throw StripeFailure.BadParameter("Invalid integer: limit must be between 1 and 100.", "limit");
        var after = form.Text("starting_after") is { } id ? Get<T>(id, "starting_after").Id : "~";
        var arguments = new DynamicParameters(new { prefix = StripeId.Prefix<T>(), after, limit = limit + 1 });
        var where = "";
        foreach (var filter in filters)
        {
            if (form.Text(filter) is not { } value)
                continue;
            arguments.Add(filter, value);
            where += $" AND json ->> '{filter}' = @{filter}";
        }

        var rows = connection.Query<string>($"""
            SELECT json FROM objects WHERE id BETWEEN @prefix AND @prefix || '~' AND id < @after {where}
            ORDER BY id DESC LIMIT @limit
            """, arguments).ToList();
        return new() { Object = "list", Data = [.. rows.Take((int)limit).Select(StripeJson.Read<T>)], HasMore = rows.Count > limit, Url = url };
    }

    /// <summary>Inserts or replaces an object. An event is stored as it is delivered, others without what is null.</summary>
    public T Put<T>(T item)
        where T : StripeEntity, IHasObject, IHasId
    {
        item.Object = StripeId.TypeName<T>();
        var (open, due) = item switch
        {
            PaymentIntent { Status: "requires_capture" } => (true, Now + Authorization),
            PaymentIntent { Status: not ("succeeded" or "canceled") } or WebhookEndpoint => (true, (DateTime?)null),
            Session { Status: "open" } session => (true, session.ExpiresAt),
            _ => (false, null),
        };
        connection.Execute(
            """
            INSERT INTO objects (id, created, open, due, json) VALUES (@Id, @created, @open, @due, @json)
            ON CONFLICT (id) DO UPDATE SET open = excluded.open, due = excluded.due, json = excluded.json
            """,
            new { item.Id, created = Unix(Now), open, due = due is { } end ? Unix(end) : (long?)null, json = item is Event ? StripeJson.Write(item) : StripeJson.WriteShort(item) });
        return item;
    }

    /// <summary>Removes an object, and what is still to be delivered to it.</summary>
    public void Remove(string id) =>
        connection.Execute("DELETE FROM objects WHERE id = @id; DELETE FROM deliveries WHERE endpoint = @id", new { id });

    /// <summary>Stores an event, and a delivery for every endpoint that asked for its type.</summary>
    /// <param name="type">Stripe's name, e.g. <c>payment_intent.succeeded</c>.</param>
    /// <param name="subject">The object that it is about.</param>
    public void Publish(string type, IHasObject subject)
    {
        var id = StripeId.New<Event>();
        var pending = connection.Execute(
            """
            INSERT INTO deliveries (event, endpoint, created, next_attempt)
            SELECT @id, id, @now, @now FROM objects
            WHERE id BETWEEN 'we_' AND 'we_~' AND EXISTS (SELECT 1 FROM json_each(objects.json, '$.enabled_events') WHERE value IN ('*', @type))
            """,
            new { id, now = now.ToUnixTimeMilliseconds(), type });
        Put(new Event
        {
            Id = id,
            ApiVersion = StripeConfiguration.ApiVersion,
            Created = Now,
            Data = new EventData { Object = subject },
            PendingWebhooks = pending,
            Request = new EventRequest { Id = caller.RequestId, IdempotencyKey = caller.Key },
            Type = type,
        });
        Published |= pending > 0;
    }

    public static long Unix(DateTime time) => new DateTimeOffset(time).ToUnixTimeSeconds();
}
