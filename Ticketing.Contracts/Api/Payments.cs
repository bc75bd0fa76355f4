using System.ComponentModel.DataAnnotations;

namespace Ticketing.Contracts.Api;

/// <summary>A payment, as the API shows it.</summary>
/// <param name="Id">The payment's id, the same through all attempts.</param>
/// <param name="OrderId">The order that it pays.</param>
/// <param name="Status">Where the payment stands.</param>
/// <param name="Amount">In units of <paramref name="Currency"/>.</param>
/// <param name="Currency">ISO 4217 code in lower case.</param>
/// <param name="Url">Where the buyer goes on, while there is such a page: Stripe's payment page, or the bank's challenge
/// (<c>requires_action</c>). Not in lists.</param>
/// <param name="Failure">Stripe's words if the last card was refused. Not in lists.</param>
/// <param name="Final">Whether no attempt to pay can move money any more; a new one may, as long as the order is open. Not in lists.</param>
/// <param name="AuthorizedAt">When money was last held at the buyer's bank, if ever. Not in lists.</param>
public sealed record PaymentResponse(
    Guid Id,
    Guid OrderId,
    [property: AllowedValues(
        PaymentStatus.Pending, PaymentStatus.RequiresAction, PaymentStatus.Authorized, PaymentStatus.Captured, PaymentStatus.Released,
        PaymentStatus.Failed)]
    string Status,
    decimal Amount,
    string Currency,
    [property: Url] string? Url = null,
    string? Failure = null,
    bool? Final = null,
    DateTimeOffset? AuthorizedAt = null);
