using System.Diagnostics;
using Ticketing.ServiceDefaults;

namespace Ticketing.Payments;

/// <summary>The right to talk to Stripe about an order, renewed until it is given back.</summary>
internal sealed class Lease : IAsyncDisposable
{
    private readonly string? traceParent;
    private readonly CancellationTokenSource ended = new();
    private readonly Func<Task> giveBack;
    private readonly IDisposable turn;
    private readonly Task renewing;

    public Lease(
        Guid orderId, Guid holder, Payment? payment, string? traceParent, Func<CancellationToken, Task> renew, Func<Task> giveBack, IDisposable turn)
    {
        (OrderId, Holder, Payment) = (orderId, holder, payment);
        (this.traceParent, this.giveBack, this.turn) = (traceParent, giveBack, turn);
        renewing = renew(ended.Token);
    }

    public Guid OrderId { get; }

    /// <summary>Who has it, in the order's row.</summary>
    public Guid Holder { get; }

    /// <summary>The order's payment as it was when the lease was taken; null if it had none.</summary>
    public Payment? Payment { get; }

    /// <summary>Whether it was given back together with what was written last.</summary>
    public bool GivenBack { get; set; }

    /// <summary>
    /// Goes on in the trace in which the order was placed, so that a purchase is one trace from the reservation to the
    /// captured money; the request, if there is one, is linked to. Dispose of it at the end of the work.
    /// </summary>
    public Activity? ContinuePurchase(string work)
    {
        if (!ActivityContext.TryParse(traceParent, null, isRemote: true, out var purchase))
            return null;
        var activity = Telemetry.Source.StartActivity(
            ActivityKind.Internal, purchase, links: Activity.Current is { } request ? [new(request.Context)] : null, name: work);
        Telemetry.About(Telemetry.OrderId, OrderId);
        return activity;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await ended.CancelAsync();
            await renewing;
            if (!GivenBack)
                await giveBack();
        }
        finally
        {
            turn.Dispose();
            ended.Dispose();
        }
    }
}
