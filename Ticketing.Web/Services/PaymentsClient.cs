using Ticketing.Contracts.Api;
using Ticketing.ServiceDefaults;

namespace Ticketing.Web.Services;

/// <summary>The Payments service, as the pages use it.</summary>
internal sealed class PaymentsClient(ServiceCaller caller)
{
    /// <summary>How far the order's payment has come; 404 before anybody began to pay.</summary>
    public Task<ServiceAnswer<PaymentResponse>> GetAsync(Guid orderId, CancellationToken cancellationToken) =>
        caller.SendAsync<PaymentResponse>("payments", HttpMethod.Get, $"api/payments/{orderId}", cancellationToken);

    /// <summary>Opens Stripe's payment page for an order.</summary>
    public Task<ServiceAnswer<CheckoutPage>> CheckoutAsync(Guid orderId, CancellationToken cancellationToken) =>
        caller.SendAsync<CheckoutPage>(
            "payments", HttpMethod.Post, "api/payments/checkout", cancellationToken, new { OrderId = orderId },
            request => request.AllowRepeat());
}

/// <param name="Url">Stripe's payment page, where the buyer goes on.</param>
internal sealed record CheckoutPage(string Url);
