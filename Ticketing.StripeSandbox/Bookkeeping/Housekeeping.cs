using Microsoft.Extensions.Options;
using Ticketing.StripeSandbox.Checkout;
using Ticketing.StripeSandbox.PaymentIntents;
using Ticketing.StripeSandbox.Protocol;

namespace Ticketing.StripeSandbox.Bookkeeping;

/// <summary>Every minute: what runs out runs out, and what is old is forgotten, so that the books stay small.</summary>
internal sealed class Housekeeping(Books books, IOptions<SandboxOptions> options, TimeProvider time) : BackgroundService
{
    /// <summary>How long finished payments and events are kept.</summary>
    private const long KeptSeconds = 30 * 24 * 60 * 60;

    private readonly Caller caller = new(options.Value.PublicAddress?.TrimEnd('/') ?? "");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), time);
        do
        {
            books.Write(caller, RunOut);
            books.Write(caller, transaction => Forget(transaction, options.Value.KeptPayments));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Expires the sessions and authorizations whose time is up; returns how many.</summary>
    public static int RunOut(BooksTransaction books)
    {
        var sessions = books.All<CheckoutSession>()
            .Where(session => session.Status == SessionStatus.Open && session.ExpiresAt <= books.Now).ToList();
        var intents = books.All<PaymentIntent>().Where(intent => intent.AuthorizedUntil <= books.Now).ToList();
        foreach (var session in sessions)
            ExpireSession.Expire(books, session);
        foreach (var intent in intents)
            CancelPaymentIntent.Cancel(books, intent, "automatic");
        return sessions.Count + intents.Count;
    }

    /// <summary>Removes what is older than kept, and the oldest payments beyond the number kept; returns how many entries.</summary>
    public static int Forget(BooksTransaction books, int keptPayments)
    {
        var waiting = books.All<Delivery>().Select(delivery => delivery.EventId).ToHashSet();
        var intents = books.All<PaymentIntent>().OrderByDescending(intent => intent.Created).ToList();
        var forgotten = intents.Skip(keptPayments).Concat(intents.Where(intent => intent.Created + KeptSeconds < books.Now))
            .Where(intent => intent.Ended).Select(intent => intent.Id).ToHashSet();
        var used = intents.Where(intent => !intent.Ended).Select(intent => intent.MethodId).ToHashSet();
        // Per payment there are a handful of events, answers and cards: what is older than the oldest payment kept goes too.
        var horizon = Math.Max(books.Now - KeptSeconds, intents.Count > keptPayments ? intents[keptPayments].Created : 0);
        List<Entry> old =
        [
            .. intents.Where(intent => forgotten.Contains(intent.Id)),
            .. books.All<Charge>().Where(charge => forgotten.Contains(charge.IntentId)),
            .. books.All<Refund>().Where(refund => forgotten.Contains(refund.IntentId)),
            .. books.All<CheckoutSession>().Where(session => session.Status != SessionStatus.Open && session.Created < horizon),
            .. books.All<PaymentMethod>().Where(method => method.Created < horizon && !used.Contains(method.Id)),
            .. books.All<StripeEvent>().Where(happened => happened.Created < horizon && !waiting.Contains(happened.Id)),
            .. books.All<KeptAnswer>().Where(answer => answer.Created < Math.Max(horizon, books.Now - IdempotencyKeys.KeptSeconds)),
        ];
        foreach (var entry in old)
            books.Remove(entry.Id);
        return old.Count;
    }
}
