using System.Collections.Immutable;
using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>How a buyer pays.</summary>
internal enum AttemptKind
{
    /// <summary>A card token, tried on the payment's card intent.</summary>
    Card,

    /// <summary>Stripe's hosted page, which has an intent of its own.</summary>
    Checkout,
}

/// <summary>How far an attempt has come, as far as we know.</summary>
internal enum AttemptState
{
    /// <summary>Written down; what Stripe made of it is not known yet.</summary>
    Started,

    /// <summary>The checkout page waits for the buyer.</summary>
    Open,

    /// <summary>The buyer's bank asks the buyer (3-D Secure).</summary>
    RequiresAction,

    /// <summary>Came to nothing.</summary>
    Declined,

    /// <summary>The money is held at the buyer's bank.</summary>
    Authorized,

    /// <summary>The money is ours.</summary>
    Captured,

    /// <summary>The held money was let go.</summary>
    Released,

    /// <summary>Ended before any money was held.</summary>
    Stopped,

    /// <summary>The verdict was to capture, but the money was gone.</summary>
    Failed,
}

/// <summary>What we want of an attempt.</summary>
internal enum AttemptGoal
{
    /// <summary>To be authorized, and then a verdict.</summary>
    Pay,

    /// <summary>The verdict is for it: take the money.</summary>
    Capture,

    /// <summary>The verdict is against it: let the money go.</summary>
    Release,

    /// <summary>The order has ended: it must not be authorized any more.</summary>
    Stop,
}

/// <summary>One card tried, or one checkout page opened.</summary>
/// <param name="AuthorizedAt">When its money was first seen to be held; the ledger notes it.</param>
internal sealed record Attempt(
    int Number, AttemptKind Kind, AttemptState State, AttemptGoal Goal, string? Token, string ReturnUrl,
    string? IntentId, string? SessionId, string? Url, string? Failure, int Looks, DateTimeOffset? AuthorizedAt = null)
{
    /// <summary>Whether it may still become authorized.</summary>
    public bool Live => State is AttemptState.Started or AttemptState.Open or AttemptState.RequiresAction;

    /// <summary>Whether it pays the order, as far as Payments is concerned.</summary>
    public bool Pays => State is AttemptState.Captured
        || (State is AttemptState.Authorized && Goal is AttemptGoal.Pay or AttemptGoal.Capture);

    /// <summary>Whether nothing can happen to it any more.</summary>
    public bool Settled => !Live && State is not AttemptState.Authorized
        && !(State is AttemptState.Declined && Goal is AttemptGoal.Stop && IntentId is not null);
}

/// <summary>An order's payment with all its attempts.</summary>
/// <param name="Revision">What it was read as; another one once anything of it was written. Null while it is new.</param>
internal sealed record Payment(
    Guid Id, Guid OrderId, Guid UserId, long Amount, string Currency, string Description,
    string? CardIntentId, int CardIntents, int Version, ImmutableList<Attempt> Attempts, string? Revision = null)
{
    public Attempt? Newest => Attempts.Count > 0 ? Attempts[^1] : null;

    public Attempt? NewestCard => Attempts.FindLast(attempt => attempt.Kind is AttemptKind.Card);

    public Attempt? OpenCheckout => Attempts.FindLast(attempt => attempt is { Kind: AttemptKind.Checkout, State: AttemptState.Open });

    public bool Paid => Attempts.Exists(attempt => attempt.Pays);

    /// <summary>Whether no attempt can move money any more: none could if the order ended now, or all is over since it did.</summary>
    public bool Final => PaymentDecisions.OrderEnded(this).Payment.Attempts.TrueForAll(attempt => attempt.Settled);

    /// <summary>One of <see cref="PaymentStatus"/>: what money has moved decides, then what may still move.</summary>
    public string Status =>
        Any(AttemptState.Captured) ? PaymentStatus.Captured
        : Any(AttemptState.Authorized) ? PaymentStatus.Authorized
        : Any(AttemptState.Failed) ? PaymentStatus.Failed
        : Any(AttemptState.RequiresAction) ? PaymentStatus.RequiresAction
        : Attempts.Exists(attempt => attempt.Live) ? PaymentStatus.Pending
        : Any(AttemptState.Released) || Any(AttemptState.Stopped) ? PaymentStatus.Released
        : PaymentStatus.Pending;

    /// <summary>The idempotency key under which the card intent is created.</summary>
    public string CardIntentKey => CardIntents == 0 ? $"pi-{Id}" : $"pi-{Id}-intent{CardIntents + 1}";

    public Attempt Number(int number) => Attempts[number - 1];

    private bool Any(AttemptState state) => Attempts.Exists(attempt => attempt.State == state);
}
