using System.Security.Claims;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;

namespace Ticketing.Web.Services;

/// <summary>
/// What the visitor holds and has not paid, for whatever page they are on: one call for a page, none for a guest. A page does not
/// wait for Orders longer than a moment, and can do without.
/// </summary>
internal sealed class OpenHolds(OrdersClient orders, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private Task<IReadOnlyList<OrderResponse>>? found;

    /// <summary>The holds, the one that ends first at the beginning.</summary>
    public Task<IReadOnlyList<OrderResponse>> FindAsync(ClaimsPrincipal visitor, CancellationToken cancellationToken) =>
        found ??= ReadAsync(visitor, cancellationToken);

    public TimeSpan Left(OrderResponse hold) => hold.ExpiresAt - time.GetUtcNow();

    private async Task<IReadOnlyList<OrderResponse>> ReadAsync(ClaimsPrincipal visitor, CancellationToken cancellationToken)
    {
        if (visitor.Identity is not { IsAuthenticated: true })
            return [];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var open = await orders.ListOpenAsync(patience.Token).IfThereAsync() ?? [];
            return
            [
                // An Orders of a former version answers with all.
                .. open.Where(order => order.Status is OrderStatus.Created or OrderStatus.AwaitingPayment && Left(order) > TimeSpan.Zero)
                    .OrderBy(order => order.ExpiresAt),
            ];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }
}
