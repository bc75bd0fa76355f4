using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Ticketing.ApiDefaults;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;

namespace Ticketing.Payments;

/// <summary>An order's payment, for its buyer.</summary>
internal static class GetPayment
{
    public static async Task<Results<Ok<PaymentResponse>, ProblemHttpResult>> Handle(
        string orderId, ClaimsPrincipal user, PaymentLedger ledger, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(orderId, "D", out var id) || await ledger.FindByOrder(id, cancellationToken) is not { } payment)
            return Problems.NotFound("Payment");
        if (payment.UserId != user.UserId())
            return Problems.NotOwner();
        var newest = payment.Paid ? null : payment.Newest;
        return TypedResults.Ok(new PaymentResponse(
            payment.Id, payment.OrderId, payment.Status, Money.FromMinorUnits(payment.Amount), payment.Currency,
            newest is { Live: true } ? newest.Url : null, newest?.Failure, payment.Final, payment.Attempts.Max(attempt => attempt.AuthorizedAt)));
    }
}
