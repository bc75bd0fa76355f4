using System.Diagnostics;
using Ticketing.ServiceDefaults;

namespace Ticketing.Payments;

/// <summary>The right to talk to Stripe about an order, renewed until it is given back.</summary>
internal sealed class Lease : IAsyncDisposable
{
    private readonly Guid orderId;
    private readonly string? traceParent;
    private readonly CancellationTokenSource ended = new();
    private readonly Func<Task> giveBack;
    private readonly IDisposable turn;
    private readonly Task renewing;

    public Lease(Guid orderId, string? traceParent, Func<CancellationToken, Task> renew, Func<Task> giveBack, IDisposable turn)
    {
        (this.orderId, this.traceParent, this.giveBack, this.turn) = (orderId, traceParent, giveBack, turn);
        renewing = renew(ended.Token);
    }

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
        Telemetry.About(Telemetry.OrderId, orderId);
        return activity;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await ended.CancelAsync();
            await renewing;
            await giveBack();
        }
        finally
        {
            turn.Dispose();
            ended.Dispose();
        }
    }
}
