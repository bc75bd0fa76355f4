using System.Threading.Channels;
using Npgsql;
using Ticketing.Payments.Gateway;
using Ticketing.Payments.Webhooks;
using Ticketing.ServiceDefaults;

namespace Ticketing.Payments;

/// <summary>
/// Carries payments on in the background: those with a verdict or a webhook at once, the others when reconciliation finds
/// them. What it is told is written down already, so nothing is lost when it forgets. However long the backlog of
/// reconciliation is, it has workers of its own, and what happens now does not wait behind it.
/// </summary>
internal sealed partial class Settler(
    Leases leases, Settlement settlement, RateLimitPause pause, ILogger<Settler> logger) : BackgroundService
{
    private const int Workers = 8;

    /// <summary>How many payments of the backlog are carried on at the same time: about Stripe's 100 calls a second.</summary>
    public const int BacklogWorkers = 24;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(30);

    private readonly Channel<DuePayment> woken = Channel.CreateBounded<DuePayment>(
        new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropWrite }, _ => PaymentMetrics.WakeDropped());

    private readonly Channel<DuePayment> backlog = Channel.CreateBounded<DuePayment>(1);

    /// <summary>Looks at a payment soon.</summary>
    /// <param name="hint">Why; if it is no news any more by then, nothing is done.</param>
    public void Wake(Payment payment, WebhookHint? hint = null) => woken.Writer.TryWrite(new(payment.Id, payment.OrderId, hint));

    /// <summary>Hands a payment of the backlog to the next worker that is free, for which it waits.</summary>
    public ValueTask HandOverAsync(DuePayment due, CancellationToken cancellationToken) => backlog.Writer.WriteAsync(due, cancellationToken);

    /// <summary>Carries on every attempt of a payment that is not settled.</summary>
    public async Task Settle(DuePayment due, CancellationToken cancellationToken)
    {
        await using var lease = await leases.Acquire(due.OrderId, Patience, cancellationToken);
        if (lease is null)
            return;
        using var purchase = lease.ContinuePurchase("settle payment");
        if (lease.Payment is not { } payment || due.Hint?.SaysNothingNew(payment) is true)
            return;
        var open = payment.Attempts.Where(attempt => !attempt.Settled).ToList();
        foreach (var attempt in open)
            payment = await settlement.Advance(payment, attempt.Number, attempt == open[^1] ? lease : null, cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(
            [.. Enumerable.Range(0, Workers).Select(_ => KeepWorking(woken.Reader, stoppingToken)),
            .. Enumerable.Range(0, BacklogWorkers).Select(_ => KeepWorking(backlog.Reader, stoppingToken))]);

    private Task KeepWorking(ChannelReader<DuePayment> work, CancellationToken stoppingToken) =>
        this.KeepRunningAsync(stopping => Work(work, stopping), TimeProvider.System, logger, stoppingToken);

    private async Task Work(ChannelReader<DuePayment> work, CancellationToken stoppingToken)
    {
        await foreach (var due in work.ReadAllAsync(stoppingToken))
        {
            await pause.WaitAsync(stoppingToken);
            using var budget = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            budget.CancelAfter(Budget);
            try
            {
                await Settle(due, budget.Token);
            }
            catch (Exception problem) when (problem is UnknownOutcomeException or NpgsqlException or OperationCanceledException)
            {
                // Reconciliation comes back to it.
                LogLater(due.PaymentId, problem.Message);
            }
            catch (Exception problem)
            {
                LogFailed(due.PaymentId, problem);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Payment {PaymentId} is settled later: {Reason}")]
    private partial void LogLater(Guid paymentId, string reason);

    [LoggerMessage(LogLevel.Error, "Payment {PaymentId} could not be settled")]
    private partial void LogFailed(Guid paymentId, Exception problem);
}

/// <summary>A payment to be carried on.</summary>
/// <param name="Hint">The webhook that says so, if one does.</param>
internal sealed record DuePayment(Guid PaymentId, Guid OrderId, WebhookHint? Hint = null);
