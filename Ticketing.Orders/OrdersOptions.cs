using System.ComponentModel.DataAnnotations;

namespace Ticketing.Orders;

/// <summary>Settings under <c>Orders</c>.</summary>
internal sealed class OrdersOptions
{
    public const string Section = "Orders";

    /// <summary>How long reserved tickets are held for a buyer who has not started to pay, in seconds.</summary>
    [Range(1, 86_400)]
    public int HoldSeconds { get; init; } = 60;

    /// <summary>How long a payment that was started may take, in seconds (3-D Secure takes longer than a hold).</summary>
    [Range(0, 86_400)]
    public int PaymentGraceSeconds { get; init; } = 120;

    public TimeSpan Hold => TimeSpan.FromSeconds(HoldSeconds);

    public TimeSpan PaymentGrace => TimeSpan.FromSeconds(PaymentGraceSeconds);
}
