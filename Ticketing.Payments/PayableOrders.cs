using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Ticketing.ApiDefaults;
using Ticketing.Contracts;
using Ticketing.ServiceDefaults;

namespace Ticketing.Payments;

/// <summary>The checks that come before every way to pay, in the contract's order, and the answers when they fail.</summary>
internal sealed class PayableOrders(Orders orders)
{
    /// <summary>How long a call waits for another one that is under way.</summary>
    public static readonly TimeSpan Patience = TimeLimits.PaymentTurn;

    /// <summary>How long a call tries to reach Stripe.</summary>
    public static readonly TimeSpan Budget = TimeLimits.PaymentWork;

    /// <summary>An order of the caller's with an amount that Stripe takes, and its payment if it has one; or why not.</summary>
    public async Task<(Order? Order, Payment? Payment, ProblemHttpResult? Problem)> Find(Guid id, ClaimsPrincipal user, HttpContext context)
    {
        var (result, order, payment) = await orders.Find(id, context.Request, context.RequestAborted);
        ProblemHttpResult? problem = (result, order) switch
        {
            (OrderSearch.Unknown, _) => Problems.NotFound("Order"),
            (OrderSearch.NotOwned, _) => Problems.NotOwner(),
            (OrderSearch.Unavailable, _) => Problems.Unavailable(context, TimeSpan.FromSeconds(2), "The order cannot be looked up at the moment."),
            (_, { } found) when found.UserId != user.UserId() => Problems.NotOwner(),
            // Placed by a version of Orders that did not know the limits.
            (_, { } found) when ChargeLimits.Explain(found.Amount, found.Currency) is { } why => Problems.BadRequest(why),
            _ => null,
        };
        return problem is null ? (order, payment, null) : (null, null, problem);
    }

    public static ProblemHttpResult Ended() => Problems.BadRequest("The order can no longer be paid.");

    /// <summary>For whoever waited in vain for another payment of the order.</summary>
    public static ProblemHttpResult UnderWay(HttpContext context) => Problems.Unavailable(context, TimeSpan.FromSeconds(2),
        "Another payment of this order is under way. Nothing is charged twice if you try again.");

    public static ProblemHttpResult TryLater(HttpContext context) => Problems.Unavailable(context, TimeSpan.FromSeconds(2),
        "The payment's outcome is not known yet. Nothing is charged twice if you try again.");
}

/// <summary>The site that buyers come from.</summary>
internal sealed class Site(IOptions<SiteOptions> options)
{
    /// <summary>Where the payment page sends who has paid. The page then knows that the payment is only on its way.</summary>
    public string PaidPage(Guid orderId) => $"{OrderPage(orderId)}?checkout=done";

    public string OrderPage(Guid orderId) => $"{options.Value.PublicOrigin.TrimEnd('/')}/orders/{orderId}";
}

/// <summary>The section <c>Site</c> of the configuration.</summary>
internal sealed class SiteOptions
{
    public const string Section = "Site";

    /// <summary>Where Stripe's pages send the buyer back to.</summary>
    [Required, Url]
    public string PublicOrigin { get; init; } = "http://localhost:8080";
}
