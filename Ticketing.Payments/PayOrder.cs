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
internal sealed record PayRequest([property: Required, SchemaType(typeof(Guid))] string? OrderId, [property: Required] string? Token);

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
/// Pays an order with a card. Calls for the same order take turns: the first makes the attempt, and those that waited for it
/// with the same card get its answer. Those with another card are answered by it if it pays the order, and else their card is
/// tried.
/// </summary>
internal static class PayOrder
{
    public static async Task<Results<Created<PayResponse>, ProblemHttpResult>> Handle(
        PayRequest request, ClaimsPrincipal user, HttpContext context, PayableOrders orders, PaymentLedger ledger, Leases leases,
        Settlement settlement, Site site)
    {
        var errors = new ValidationErrors();
        var orderId = errors.RequireId(request.OrderId, "orderId");
        errors.Require(IsToken(request.Token), "token", "A card token of Stripe's, such as tok_visa.");
        if (!errors.None)
            return Problems.Validation(errors);
        var (order, before, problem) = await orders.Find(orderId, user, context);
        if (order is null)
            return problem!;

        if (before is { Paid: true })
            return Answer(before, before.Attempts.FindLast(attempt => attempt.Pays)!.Number, context);
        var ended = before?.NewestCard is { State: AttemptState.Started } open ? open.Number - 1 : before?.Attempts.Count ?? 0;
        await using var lease = await leases.Acquire(order.Id, PayableOrders.Patience, context.RequestAborted);
        if (lease is null)
            return PayableOrders.UnderWay(context);
        using var purchase = lease.ContinuePurchase("pay by card");

        // What has begun is finished, also if the caller goes away.
        using var budget = new CancellationTokenSource(PayableOrders.Budget);
        var otherCard = false;
        try
        {
            while (true)
            {
                var (payment, (outcome, number)) = await ledger.WithOrder(order, before, (current, payment) =>
                {
                    var start = StartDecision.Card(payment, current.Open, request.Token!, ended);
                    return (start.Outcome is StartOutcome.New
                        ? PaymentDecisions.Start(payment, AttemptKind.Card, request.Token, site.OrderPage(order.Id))
                        : new Decision(payment), start);
                }, budget.Token);
                if (outcome is StartOutcome.Refused)
                    return PayableOrders.Ended();
                otherCard = outcome is StartOutcome.Resume && payment.Number(number).Token != request.Token;
                if (outcome is StartOutcome.New or StartOutcome.Resume)
                    payment = await settlement.Advance(payment, number, otherCard ? null : lease, budget.Token);
                if (!otherCard)
                    return Answer(payment, number, context);
                if (payment.Number(number).State is AttemptState.Started)
                    return PayableOrders.UnderWay(context);
                // The other card has come to something. Now it is decided on this one.
                before = payment;
            }
        }
        catch (Exception unavailable) when (unavailable is UnknownOutcomeException or OperationCanceledException)
        {
            return otherCard ? PayableOrders.UnderWay(context) : PayableOrders.TryLater(context);
        }
    }

    private static bool IsToken(string? text) =>
        text is { Length: >= 1 and <= 255 } && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '_');

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
