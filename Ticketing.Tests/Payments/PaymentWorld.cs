using System.Collections.Immutable;
using Ticketing.Payments;

namespace Ticketing.Tests.Payments;

/// <summary>What Orders has decided about the order.</summary>
internal enum Fate
{
    Open,
    Complete,
    Cancelled,
}

/// <summary>A piece of news on its way between Payments and Orders.</summary>
internal sealed record News(string What, string Intent = "");

/// <summary>
/// One payment, with Stripe, the bank, the buyer and Orders around it, each as simple as can be. Every way of going on from
/// a state is one of <see cref="Next"/>: so all of them can be tried.
/// </summary>
internal sealed record PaymentWorld
{
    public required Payment Payment { get; init; }

    /// <summary>How often the buyer tries.</summary>
    public required int MostAttempts { get; init; }

    /// <summary>What Payments does wrong, for a control.</summary>
    public Func<Payment, Payment> Flaw { get; init; } = payment => payment;

    /// <summary>Stripe's intents: where their money is, and whether the bank asks the buyer.</summary>
    public ImmutableSortedDictionary<string, (Funds Funds, bool Asks)> Intents { get; init; } =
        ImmutableSortedDictionary.Create<string, (Funds, bool)>(StringComparer.Ordinal);

    /// <summary>What Stripe was asked under a key before.</summary>
    public ImmutableSortedSet<string> Keys { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Checkout pages that are closed.</summary>
    public ImmutableSortedSet<string> Expired { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    public Fate Order { get; init; }

    /// <summary>The intent that completed the order.</summary>
    public string? CompletedBy { get; init; }

    /// <summary>The intents that Orders has given a verdict on.</summary>
    public ImmutableSortedSet<string> Judged { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>The intents that Orders has ever let be captured.</summary>
    public ImmutableSortedSet<string> Allowed { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Published and not yet heard; it may be heard in any order.</summary>
    public ImmutableList<News> UnderWay { get; init; } = [];

    /// <summary>What two states have in common that differ in nothing.</summary>
    public string Key => string.Join('|', [
        string.Join(',', Payment.Attempts.Select(attempt => $"{attempt.Kind}{attempt.State}{attempt.Goal}{attempt.IntentId}{attempt.SessionId}{attempt.Url}")),
        Payment.CardIntentId, Payment.CardIntents, string.Join(',', Intents), string.Join(',', Keys), string.Join(',', Expired),
        Order, CompletedBy, string.Join(',', Judged), string.Join(',', UnderWay.Select(news => news.ToString()).Order(StringComparer.Ordinal))]);

    /// <summary>All that can happen now: by people, and by the services and the network.</summary>
    public IEnumerable<(string What, PaymentWorld World)> Next() => [.. ByPeople(), .. BySystems()];

    /// <summary>What buyers, banks and clocks may do, and need not.</summary>
    public IEnumerable<(string What, PaymentWorld World)> ByPeople()
    {
        if (Payment.Attempts.Count < MostAttempts)
        {
            var open = Order is Fate.Open;
            if (StartDecision.Card(Payment, open, "tok_visa", Payment.Attempts.Count).Outcome is StartOutcome.New)
                yield return ("card", Take(PaymentDecisions.Start(Payment, AttemptKind.Card, "tok_visa", "")));
            if (StartDecision.Checkout(Payment, open).Outcome is StartOutcome.New)
                yield return ("checkout", Take(PaymentDecisions.Start(Payment, AttemptKind.Checkout, null, "")));
        }
        foreach (var (intent, (funds, asks)) in Intents)
        {
            if (asks)
            {
                yield return ($"{intent} agreed", With(intent, Funds.Held));
                yield return ($"{intent} not agreed", With(intent, Funds.None));
            }
            if (funds is Funds.None && intent.StartsWith("cs", StringComparison.Ordinal) && !Expired.Contains(intent))
                yield return ($"{intent} paid", With(intent, Funds.Held));
            if (funds is Funds.Held)
                yield return ($"{intent} lapsed", With(intent, Funds.Over));
        }
        if (Order is Fate.Open)
            yield return ("order cancelled", Tell(new News("cancelled")) with { Order = Fate.Cancelled });
    }

    /// <summary>What Payments, Orders and the network do sooner or later.</summary>
    public IEnumerable<(string What, PaymentWorld World)> BySystems()
    {
        foreach (var attempt in Payment.Attempts.Where(attempt => NextStep.Of(attempt) is not Step.None))
        {
            foreach (var (what, world, learn) in Call(attempt))
            {
                yield return ($"{attempt.Number}: {what}", world.Take(learn(world.Payment)));
                // The process dies with Stripe's answer.
                if (world.Key != Key)
                    yield return ($"{attempt.Number}: {what}, unheard", world);
            }
        }
        foreach (var news in UnderWay.Distinct())
        {
            yield return ($"hear {news}", (this with { UnderWay = UnderWay.Remove(news) }).Hear(news));
            yield return ($"hear {news}, and again later", Hear(news));
        }
    }

    private PaymentWorld Hear(News news) => news.What switch
    {
        "authorized" when Judged.Contains(news.Intent) => this,
        "authorized" when Order is Fate.Open => Tell(new News("completed", news.Intent)) with
        {
            Judged = Judged.Add(news.Intent), Allowed = Allowed.Add(news.Intent), Order = Fate.Complete, CompletedBy = news.Intent,
        },
        "authorized" => Tell(new News("refused", news.Intent)) with { Judged = Judged.Add(news.Intent) },
        "failed" when Order is Fate.Complete && CompletedBy == news.Intent => Tell(new News("cancelled")) with { Order = Fate.Cancelled },
        "failed" => this,
        "completed" => Take(PaymentDecisions.Judged(Payment, news.Intent, capture: true)).OrderEnded(),
        "refused" => Take(PaymentDecisions.Judged(Payment, news.Intent, capture: false)),
        _ => OrderEnded(),
    };

    private PaymentWorld OrderEnded() => Take(PaymentDecisions.OrderEnded(Payment));

    private PaymentWorld Telling(Decision decision)
    {
        var intent = decision.Number > 0 ? decision.Payment.Number(decision.Number).IntentId! : "";
        return decision.Event switch
        {
            PaymentEvent.Authorized => Tell(new News("authorized", intent)),
            PaymentEvent.Failed when decision.Payment.Number(decision.Number).State is AttemptState.Failed => Tell(new News("failed", intent)),
            _ => this,
        };
    }

    private PaymentWorld Take(Decision decision) => (this with { Payment = Flaw(decision.Payment) }).Telling(decision);

    private PaymentWorld Tell(News news) => this with { UnderWay = UnderWay.Add(news) };

    private PaymentWorld With(string intent, Funds funds, bool asks = false) =>
        this with { Intents = Intents.SetItem(intent, (funds, asks)) };

    /// <summary>What Stripe may do with the attempt's next call, and what Payments learns from the answer.</summary>
    private IEnumerable<(string What, PaymentWorld World, Func<Payment, Decision> Learn)> Call(Attempt attempt)
    {
        var intent = attempt.IntentId ?? attempt.SessionId ?? "";
        switch (NextStep.Of(attempt))
        {
            case Step.CreateIntent:
                var created = $"pi_{Payment.CardIntents}";
                var world = Intents.ContainsKey(created) ? this : With(created, Funds.None);
                yield return ("create", world, payment => PaymentDecisions.Named(payment, created));
                break;
            case Step.Confirm when Keys.Contains($"{attempt.Number}") || Intents[intent] is not (Funds.None, _):
                yield return ("look instead", this, Look(attempt));
                break;
            case Step.Confirm:
                var asked = this with { Keys = Keys.Add($"{attempt.Number}") };
                foreach (var (what, after) in new[]
                {
                    ("agreed", asked.With(intent, Funds.Held)), ("asked", asked.With(intent, Funds.None, asks: true)),
                })
                    yield return ($"confirm, {what}", after, after.Look(attempt));
                yield return ("confirm, declined", asked.With(intent, Funds.None),
                    payment => PaymentDecisions.Declined(payment, attempt.Number, "no"));
                break;
            case Step.CreateSession:
                var page = $"cs_{attempt.Number}";
                var opened = Intents.ContainsKey(page) ? this : With(page, Funds.None);
                yield return ("open", opened, payment => PaymentDecisions.Observed(payment, attempt.Number, opened.View(page)));
                break;
            case Step.Capture or Step.Release or Step.CancelUnlessHeld or Step.ExpireSession:
                var moved = Moved(NextStep.Of(attempt), intent);
                yield return ($"{NextStep.Of(attempt)}", moved, moved.Look(attempt));
                break;
            default:
                yield return ("look", this, Look(attempt));
                break;
        }
    }

    private PaymentWorld Moved(Step step, string intent) => (step, Intents[intent].Funds) switch
    {
        (Step.Capture, Funds.Held) => With(intent, Funds.Taken),
        (Step.Release, Funds.Held or Funds.None) => With(intent, Funds.Over),
        (Step.CancelUnlessHeld, Funds.None) => With(intent, Funds.Over),
        (Step.ExpireSession, Funds.None) => this with { Expired = Expired.Add(intent) },
        _ => this,
    };

    private Func<Payment, Decision> Look(Attempt attempt)
    {
        var view = View(attempt.IntentId ?? attempt.SessionId!);
        return payment => PaymentDecisions.Observed(payment, attempt.Number, view);
    }

    /// <summary>A page's intent is known by the page's own id here.</summary>
    private StripeView View(string intent)
    {
        var (funds, asks) = Intents[intent];
        return intent.StartsWith("cs", StringComparison.Ordinal)
            ? new StripeView(
                funds is Funds.None && Expired.Contains(intent) ? Funds.Over : funds, funds is Funds.None ? null : intent, intent, Url: "https://pay.test/")
            : new StripeView(funds, intent, AsksBuyer: asks, Url: asks ? "https://bank.test/" : null);
    }
}
