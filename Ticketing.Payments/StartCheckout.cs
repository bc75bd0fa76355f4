using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Ticketing.ApiDefaults;
using Ticketing.Payments.Gateway;

namespace Ticketing.Payments;

/// <summary>The body of <c>POST /api/payments/checkout</c>.</summary>
/// <param name="OrderId">The order to pay.</param>
/// <example>{ "orderId": "01980000-0000-7000-8000-000000000000" }</example>
internal sealed record CheckoutRequest([property: Required, SchemaType(typeof(Guid))] string? OrderId);

/// <summary>Where the buyer pays.</summary>
/// <param name="Url">Stripe's hosted page.</param>
internal sealed record CheckoutResponse([property: Url] string Url);

/// <summary>Opens Stripe's hosted page for an order, or returns the one that is still open.</summary>
internal static class StartCheckout
{
    public static async Task<Results<Created<CheckoutResponse>, ProblemHttpResult>> Handle(
        CheckoutRequest request, ClaimsPrincipal user, HttpContext context, PayableOrders orders, PaymentLedger ledger, Leases leases,
        Settlement settlement, Site site)
    {
        var errors = new ValidationErrors();
        var orderId = errors.RequireId(request.OrderId, "orderId");
        if (!errors.None)
            return Problems.Validation(errors);
        var (order, known, problem) = await orders.Find(orderId, user, context);
        if (order is null)
            return problem!;

        await using var lease = await leases.Acquire(order.Id, PayableOrders.Patience, context.RequestAborted);
        if (lease is null)
            return PayableOrders.UnderWay(context);
        using var purchase = lease.ContinuePurchase("open checkout page");
        using var budget = new CancellationTokenSource(PayableOrders.Budget);
        var (payment, (outcome, number)) = await ledger.WithOrder(order, known, (current, payment) =>
        {
            var start = StartDecision.Checkout(payment, current.Open);
            return (start.Outcome is StartOutcome.New
                ? PaymentDecisions.Start(payment, AttemptKind.Checkout, null, site.PaidPage(order.Id))
                : new Decision(payment), start);
        }, budget.Token);
        if (outcome is StartOutcome.Paid)
            return Problems.BadRequest("The order is already paid.");
        if (outcome is StartOutcome.Refused)
            return PayableOrders.Ended();
        try
        {
            payment = await settlement.Advance(payment, number, lease, budget.Token);
        }
        catch (Exception unavailable) when (unavailable is UnknownOutcomeException or OperationCanceledException)
        {
            return PayableOrders.TryLater(context);
        }

        return payment.Number(number) switch
        {
            { State: AttemptState.Open, Url: { } url } => TypedResults.Created(url, new CheckoutResponse(url)),
            { State: AttemptState.Authorized or AttemptState.Captured } => Problems.BadRequest("The order is already paid."),
            { State: AttemptState.Declined, Failure: { } failure } => Problems.BadRequest(failure),
            { State: AttemptState.Started } => PayableOrders.TryLater(context),
            _ => PayableOrders.Ended(),
        };
    }
}
