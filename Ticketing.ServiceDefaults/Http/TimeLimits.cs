namespace Ticketing.ServiceDefaults;

/// <summary>
/// How long each caller waits for each server: every limit is longer than what the callee may need for its own calls, so that it
/// is the callee that gives up first and says what was wrong. The table in docs/operations.md shows them; a test holds both
/// together.
/// </summary>
public static class TimeLimits
{
    /// <summary>Until a connection to another service is there; then it is tried at another replica.</summary>
    public static readonly TimeSpan Connect = TimeSpan.FromSeconds(2);

    /// <summary>Until a connection to Stripe is there, which is farther away.</summary>
    public static readonly TimeSpan StripeConnect = TimeSpan.FromSeconds(3);

    /// <summary>What a health check may take: <c>/health</c> answers within 2 s.</summary>
    public static readonly TimeSpan HealthCheck = TimeSpan.FromSeconds(1.5);

    /// <summary>A call to another service's <c>/health</c>.</summary>
    public static readonly TimeSpan Health = TimeSpan.FromSeconds(3);

    /// <summary>A command of Redis's that somebody waits for; without its answer they are let through.</summary>
    public static readonly TimeSpan Redis = TimeSpan.FromSeconds(1);

    /// <summary>A script of Redis's that works for many, in the background.</summary>
    public static readonly TimeSpan RedisScript = TimeSpan.FromSeconds(5);

    /// <summary>One call to Stripe. Its outcome is unknown afterwards and has to be asked for.</summary>
    public static readonly TimeSpan Stripe = TimeSpan.FromSeconds(8);

    /// <summary>Until a row or another lock is had that somebody else holds; less than <see cref="Statement"/>, of which it is a part.</summary>
    public static readonly TimeSpan Lock = TimeSpan.FromSeconds(5);

    /// <summary>Until a connection to the database is there, or one of the pool is free.</summary>
    public static readonly TimeSpan DatabaseConnect = TimeSpan.FromSeconds(8);

    /// <summary>One SQL statement.</summary>
    public static readonly TimeSpan Statement = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Auth's answer about its keys, which it has in memory; one replica may be passed over (<see cref="Connect"/>). Requests
    /// with a session wait for it where the keys are not known yet.
    /// </summary>
    public static readonly TimeSpan Keys = TimeSpan.FromSeconds(4);

    /// <summary>
    /// A call to another service: one replica may be passed over (<see cref="Connect"/>), and the next may need
    /// <see cref="Keys"/>, <see cref="DatabaseConnect"/> and <see cref="Statement"/>.
    /// </summary>
    public static readonly TimeSpan Call = TimeSpan.FromSeconds(25);

    /// <summary>What paying may take: several calls to Stripe.</summary>
    public static readonly TimeSpan PaymentWork = TimeSpan.FromSeconds(18);

    /// <summary>How long a payment waits for another call about the same order, which pays it (<see cref="PaymentWork"/>).</summary>
    public static readonly TimeSpan PaymentTurn = TimeSpan.FromSeconds(20);

    /// <summary>
    /// A call to Payments: it may look for the order at Orders (<see cref="Call"/>), then wait for its turn
    /// (<see cref="PaymentTurn"/>) and pay (<see cref="PaymentWork"/>). A proxy before the site waits longer.
    /// </summary>
    public static readonly TimeSpan Payment = TimeSpan.FromSeconds(65);

    /// <summary>A question to the broker, also the one whether it answers.</summary>
    public static readonly TimeSpan Broker = TimeSpan.FromSeconds(3);

    /// <summary>Until the broker has confirmed an event, a batch of them, or a new queue.</summary>
    public static readonly TimeSpan Publish = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a consumer may hold a message, with all attempts. RabbitMQ takes it away after 30 minutes, closes the channel with
    /// all others that were delivered, and counts that against them.
    /// </summary>
    public static readonly TimeSpan Delivery = TimeSpan.FromMinutes(4.5);
}
