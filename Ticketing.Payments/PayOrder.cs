using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Ticketing.ApiDefaults;
using Ticketing.Contracts;
using Ticketing.Payments.Gateway;

namespace Ticketing.Payments;

/// <summary>The body of <c>POST /api/payments</c>.</summary>
/// <param name="OrderId">The order to pay.</param>
/// <param name="Token">A card token of Stripe's, such as <c>tok_visa</c>.</param>
/// <example>{ "orderId": "01980000-0000-7000-8000-000000000000", "token": "tok_visa" }</example>
internal sealed record PayRequest(Guid OrderId, [property: Required] string? Token);

/// <summary>What became of it.</summary>
/// <param name="Id">The payment's id, the same through all attempts.</param>
/// <param name="Status">Where the payment stands.</param>
/// <param name="Url">With <c>requires_action</c>: where the buyer's bank asks the buyer.</param>
internal sealed record PayResponse(
    Guid Id,
    [property: AllowedValues(
        PaymentStatus.Pending, PaymentStatus.RequiresAction, PaymentStatus.Authorized, PaymentStatus.Captured, PaymentStatus.Released,
        PaymentStatus.Failed)]
    string Status,
    [property: Url] string? Url);

/// <summary>
/// Pays an order with a card. Calls for the same order take turns: the first makes the attempt, and those that waited for
/// it get its answer.
/// </summary>
internal static class PayOrder
{
    public static async Task<Results<Created<PayResponse>, ProblemHttpResult>> Handle(
        PayRequest request, ClaimsPrincipal user, HttpContext context, PayableOrders orders, PaymentLedger ledger, Leases leases,
        Settlement settlement, Site site)
    {
        if (Validate(request) is { None: false } errors)
            return Problems.Validation(errors);
        var (order, problem) = await orders.Find(request.OrderId, user, context);
        if (order is null)
            return problem!;

        var before = await ledger.FindByOrder(order.Id, context.RequestAborted);
        if (before is { Paid: true })
            return Answer(before, before.Attempts.FindLast(attempt => attempt.Pays)!.Number, context);
        await using var lease = await leases.Acquire(order.Id, PayableOrders.Patience, context.RequestAborted);
        if (lease is null)
            return PayableOrders.TryLater(context);
        using var purchase = lease.ContinuePurchase("pay by card");

        // What has begun is finished, also if the caller goes away.
        using var budget = new CancellationTokenSource(PayableOrders.Budget);
        var (outcome, payment, number) = await ledger.WithOrder(order.Id, (current, payment) =>
        {
            var (outcome, number) = StartDecision.Card(payment, current.Open, request.Token!, before?.Attempts.Count ?? 0,
                underWay: before?.NewestCard is { State: AttemptState.Started });
            var decision = outcome is StartOutcome.New
                ? PaymentDecisions.Start(payment, AttemptKind.Card, request.Token, site.OrderPage(order.Id))
                : new Decision(payment);
            return (decision, (outcome, decision.Payment, number));
        }, budget.Token);
        if (outcome is StartOutcome.Refused)
            return PayableOrders.Ended();
        if (outcome is StartOutcome.New or StartOutcome.Resume)
        {
            try
            {
                payment = await settlement.Advance(payment, number, budget.Token);
            }
            catch (Exception unavailable) when (unavailable is UnknownOutcomeException or OperationCanceledException)
            {
                return PayableOrders.TryLater(context);
            }
        }

        return Answer(payment, number, context);
    }

    private static ValidationErrors Validate(PayRequest request)
    {
        var errors = new ValidationErrors();
        errors.Require(request.OrderId != Guid.Empty, "orderId", "The id of the order to pay.");
        errors.Require(request.Token is { Length: >= 1 and <= 255 } token && token.All(character => char.IsAsciiLetterOrDigit(character) || character is '_'),
            "token", "A card token of Stripe's, such as tok_visa.");
        return errors;
    }

    private static Results<Created<PayResponse>, ProblemHttpResult> Answer(Payment payment, int number, HttpContext context)
    {
        var attempt = payment.Number(number);
        return attempt.State switch
        {
            AttemptState.Declined => Problems.BadRequest(attempt.Failure!),
            AttemptState.Stopped or AttemptState.Released or AttemptState.Failed => PayableOrders.Ended(),
            AttemptState.Started => PayableOrders.TryLater(context),
            _ => TypedResults.Created($"/api/payments/{payment.OrderId}", new PayResponse(payment.Id, payment.Status, attempt.Url)),
        };
    }
}
