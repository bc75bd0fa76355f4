namespace Ticketing.Contracts.Api;

/// <summary>A payment, as the API shows it.</summary>
/// <param name="Id">The payment's id, the same through all attempts.</param>
/// <param name="OrderId">The order that it pays.</param>
/// <param name="Status">One of <see cref="PaymentStatus"/>.</param>
/// <param name="Amount">In units of <paramref name="Currency"/>.</param>
/// <param name="Currency">ISO 4217 code in lower case.</param>
public sealed record PaymentResponse(Guid Id, Guid OrderId, string Status, decimal Amount, string Currency);
