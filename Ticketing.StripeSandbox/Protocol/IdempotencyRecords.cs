using System.Collections.Concurrent;
using Dapper;

namespace Ticketing.StripeSandbox.Protocol;

/// <summary>A status and a JSON body.</summary>
internal sealed record Answer(long Status, string Body)
{
    public bool Replayed { get; init; }

    public static Answer Of(StripeFailure failure) => new(failure.Status, StripeJson.WriteShort(new { error = failure.Error }));
}

/// <summary>
/// Stripe's rules (https://docs.stripe.com/api/idempotent_requests): the first answer under a key is given again for 24
/// hours, errors of begun work included; other parameters under it are an error; so is a second call while the first is
/// under way.
/// </summary>
internal sealed class IdempotencyRecords
{
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<string, bool> used = new(StringComparer.Ordinal);

    /// <summary>Marks a key, if there is one, as in use until disposed.</summary>
    public IDisposable? Use(string? key) => key is null ? null
        : key.Length > 255 ? throw StripeFailure.Idempotency(400, "Idempotency keys can be at most 255 characters long.")
        : used.TryAdd(key, true) ? new InUse(used, key)
        : throw StripeFailure.Idempotency(409,
            $"There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): {key}. Please try again later.",
            "idempotency_key_in_use");

    /// <summary>What was answered under this key before; null when there is none, or it is new or forgotten.</summary>
    public static Answer? Find(SandboxTransaction store, string? key, string path, StripeForm form)
    {
        var record = key is null ? null : store.Connection.QuerySingleOrDefault<Record>(
            "SELECT path, parameters, status, body FROM idempotency_records WHERE key = @key AND created > @oldest",
            new { key, oldest = SandboxTransaction.Unix(store.Now - Kept) });
        if (record is null)
            return null;
        return (record.Path == path, record.Parameters == form.Parameters) switch
        {
            (true, true) => new Answer(record.Status, record.Body) { Replayed = true },
            (true, false) => throw StripeFailure.Idempotency(400,
                $"Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '{key}' if you meant to execute a different request."),
            _ => throw StripeFailure.Idempotency(400,
                $"Keys for idempotent requests can only be used for the same endpoint they were first used for ('{record.Path}' vs '{path}'). Try using a key other than '{key}' if you meant to execute a different request."),
        };
    }

    public static void Save(SandboxTransaction store, string? key, string path, StripeForm form, Answer answer)
    {
        if (key is null)
            return;
        store.Connection.Execute("INSERT OR REPLACE INTO idempotency_records VALUES (@key, @created, @path, @Parameters, @Status, @Body)",
            new { key, created = SandboxTransaction.Unix(store.Now), path, form.Parameters, answer.Status, answer.Body });
    }

    private sealed record Record(string Path, string Parameters, long Status, string Body);

    private sealed class InUse(ConcurrentDictionary<string, bool> used, string key) : IDisposable
    {
        public void Dispose() => used.TryRemove(key, out _);
    }
}
