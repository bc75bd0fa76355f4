namespace Ticketing.ServiceDefaults;

/// <summary>
/// How long a caller waits for each server: every limit is longer than what the callee may need for its own calls, so that it is
/// the callee that gives up first and says what was wrong.
/// </summary>
public static class TimeLimits
{
    /// <summary>Until a connection to another service is there.</summary>
    public static readonly TimeSpan Connect = TimeSpan.FromSeconds(2);

    /// <summary>What a health check may take; whoever polls waits longer.</summary>
    public static readonly TimeSpan HealthCheck = TimeSpan.FromSeconds(2);

    /// <summary>One call to Stripe. Its outcome is unknown afterwards and has to be asked for.</summary>
    public static readonly TimeSpan Stripe = TimeSpan.FromSeconds(8);

    /// <summary>Until a row or another lock is had that somebody else holds; less than <see cref="Statement"/>, of which it is a part.</summary>
    public static readonly TimeSpan Lock = TimeSpan.FromSeconds(5);

    /// <summary>One SQL statement.</summary>
    public static readonly TimeSpan Statement = TimeSpan.FromSeconds(10);

    /// <summary>A call to another service, which may need <see cref="Statement"/>.</summary>
    public static readonly TimeSpan Call = TimeSpan.FromSeconds(15);

    /// <summary>How long a payment waits for another call about the same order, which pays it.</summary>
    public static readonly TimeSpan PaymentTurn = TimeSpan.FromSeconds(20);

    /// <summary>What paying may take from then on: several calls to Stripe.</summary>
    public static readonly TimeSpan PaymentWork = TimeSpan.FromSeconds(20);

    /// <summary>
    /// A call to Payments: it may look for the order at Orders (<see cref="Call"/>), then wait for its turn
    /// (<see cref="PaymentTurn"/>) and pay (<see cref="PaymentWork"/>).
    /// </summary>
    public static readonly TimeSpan Payment = TimeSpan.FromSeconds(60);
}
