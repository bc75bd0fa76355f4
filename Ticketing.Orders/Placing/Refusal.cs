using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Ticketing.ApiDefaults;
using Ticketing.Contracts;

namespace Ticketing.Orders.Placing;

/// <summary>Why a reservation was not placed, with what the buyer needs to know about it.</summary>
/// <param name="Reason">The first rule that was against it; the names are those of <see cref="PlaceOrder.Statement"/>.</param>
/// <param name="WaitUntil">When it may be tried again, where time helps.</param>
/// <param name="Price">The listing's price for one ticket now, in minor units.</param>
/// <param name="Currency">The price's currency.</param>
/// <param name="Version">The listing's version now.</param>
/// <param name="MaxPerBuyer">How many tickets of the listing one buyer may have.</param>
/// <param name="Held">How many of them the buyer holds.</param>
/// <param name="Bought">How many of them the buyer bought.</param>
/// <param name="OrderId">The open order with which the buyer holds some.</param>
internal sealed record Refusal(
    string Reason, DateTimeOffset? WaitUntil, long Price, string Currency, int Version, int MaxPerBuyer, long Held, long Bought, Guid? OrderId)
{
    public const string Unlisted = "unlisted";
    public const string Begun = "begun";
    public const string Changed = "changed";
    public const string Unpayable = "unpayable";
    public const string OverLimit = "limit";
    public const string Paused = "paused";
    public const string HeldTooMuch = "held";
    public const string TooFew = "few";

    /// <summary>The answer to the buyer.</summary>
    /// <param name="asked">What was refused.</param>
    /// <param name="maxHeld">How many unpaid tickets a user may hold, of all listings.</param>
    /// <param name="now">The time.</param>
    /// <param name="context">The request.</param>
    public ProblemHttpResult ToProblem(Reservation asked, int? maxHeld, DateTimeOffset now, HttpContext context) => Reason switch
    {
        Unlisted => Problems.NotFound("Ticket"),
        Begun => Problems.BadRequest("Sales have ended: the event has begun."),
        Changed => WithListing(Problems.BadRequest(IsPriceOf(asked)
            ? "The seller has changed this listing since you saw it. Nothing was reserved: look at it again."
            : string.Create(CultureInfo.InvariantCulture, $"The price is now {Money.FromMinorUnits(Price):0.00} {Currency} for one ticket. Nothing was reserved."))),
        Unpayable => Problems.BadRequest(ChargeLimits.Explain(Price * asked.Quantity, Currency)!),
        OverLimit => WithOrder(Problems.BadRequest(
            $"One buyer may have {MaxPerBuyer} of these tickets. You hold {Held} and have bought {Bought} of them.")),
        Paused => Problems.TooManyRequests(context, WaitUntil!.Value - now,
            "You have let two reservations of these tickets go unpaid, so others have their turn first."),
        HeldTooMuch => Problems.TooManyRequests(context, WaitUntil!.Value - now,
            $"You may hold {maxHeld} tickets at once: pay for those you hold, or give some back."),
        _ when OrderId is not null => WithOrder(Problems.BadRequest(
            "Not enough tickets are available. You hold some of them yourself: pay for your order, or cancel it.")),
        _ => Problems.BadRequest("Not enough tickets are available."),
    };

    private bool IsPriceOf(Reservation asked) =>
        (asked.ExpectedPrice ?? Price) == Price && (asked.ExpectedCurrency ?? Currency) == Currency;

    private ProblemHttpResult WithListing(ProblemHttpResult problem)
    {
        problem.ProblemDetails.Extensions["price"] = Money.FromMinorUnits(Price);
        problem.ProblemDetails.Extensions["currency"] = Currency;
        problem.ProblemDetails.Extensions["version"] = Version;
        return problem;
    }

    private ProblemHttpResult WithOrder(ProblemHttpResult problem)
    {
        if (OrderId is not null)
            problem.ProblemDetails.Extensions["orderId"] = OrderId;
        return problem;
    }
}
