namespace Ticketing.Contracts.Api;

/// <summary>A payment, as the API shows it.</summary>
/// <param name="Id">The payment's id, the same through all attempts.</param>
/// <param name="OrderId">The order that it pays.</param>
/// <param name="Status">One of <see cref="PaymentStatus"/>.</param>
/// <param name="Amount">In units of <paramref name="Currency"/>.</param>
/// <param name="Currency">ISO 4217 code in lower case.</param>
/// <param name="Url">Where the buyer goes on, while there is such a page: Stripe's payment page, or the bank's challenge
/// (<see cref="PaymentStatus.RequiresAction"/>). Not in lists.</param>
/// <param name="Failure">Stripe's words if the last card was refused. Not in lists.</param>
public sealed record PaymentResponse(
    Guid Id, Guid OrderId, string Status, decimal Amount, string Currency, string? Url = null, string? Failure = null);
