using System.Collections.Concurrent;
using Ticketing.StripeSandbox.Bookkeeping;

namespace Ticketing.StripeSandbox.Protocol;

/// <summary>
/// Stripe's rules (https://docs.stripe.com/api/idempotent_requests): the first answer under a key is given again for 24
/// hours, errors of begun work included; other parameters under it are an error; so is a second call while the first is
/// under way.
/// </summary>
internal sealed class IdempotencyKeys
{
    public const long KeptSeconds = 24 * 60 * 60;

    private readonly ConcurrentDictionary<string, bool> used = new(StringComparer.Ordinal);

    /// <summary>Marks a key as in use until disposed. An empty key is none.</summary>
    public IDisposable? Use(string key)
    {
        if (key.Length == 0)
            return null;
        return used.TryAdd(key, true) ? new InUse(used, key) : throw StripeFailure.KeyInUse(key);
    }

    /// <summary>What was answered under this key before; null when it is new, forgotten or empty.</summary>
    public KeptAnswer? Kept(BooksTransaction books, string key, string path, StripeForm form)
    {
        if (key.Length == 0 || books.Find<KeptAnswer>(KeptAnswer.IdOf(key)) is not { } kept || kept.Created + KeptSeconds <= books.Now)
            return null;
        if (kept.Path != path)
        {
            throw StripeFailure.OtherUse(
                $"Keys for idempotent requests can only be used for the same endpoint they were first used for ('{kept.Path}' vs '{path}'). Try using a key other than '{key}' if you meant to execute a different request.");
        }

        return kept.Fingerprint == form.Fingerprint ? kept : throw StripeFailure.OtherUse(
            $"Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '{key}' if you meant to execute a different request.");
    }

    public void Keep(BooksTransaction books, string key, string path, StripeForm form, Answered answer)
    {
        if (key.Length > 0)
            books.Put(new KeptAnswer(KeptAnswer.IdOf(key), books.Now, path, form.Fingerprint, answer.Status, answer.Body));
    }

    private sealed class InUse(ConcurrentDictionary<string, bool> used, string key) : IDisposable
    {
        public void Dispose() => used.TryRemove(key, out _);
    }
}
