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

    /// <summary>
    /// How many tickets one user may hold at once, unpaid; null for no limit of buyers at all (also none for one listing, and no
    /// pause), which is what <c>RateLimits__Enabled=false</c> makes of it. Never less than one order may have.
    /// </summary>
    [Range(PlaceOrder.MaxQuantity, 1_000_000)]
    public int? MaxHeldPerUser { get; set; } = 50;

    /// <summary>
    /// How many reservations may wait for their turn, half of them for the same listing; whoever comes then is told to come
    /// back.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MaxWaiting { get; init; } = 4096;

    /// <summary>
    /// When the first of a crowd has waited for so long for a reservation, in milliseconds, whoever comes for the same listing is
    /// told to come back at once. A crowd that comes in one moment finds nobody who waited; one that goes on coming faster than
    /// orders can be placed waits little longer than this.
    /// </summary>
    [Range(10, 5_000)]
    public int LongestWaitMilliseconds { get; init; } = 250;

    public TimeSpan LongestWait => TimeSpan.FromMilliseconds(LongestWaitMilliseconds);

    public TimeSpan Hold => TimeSpan.FromSeconds(HoldSeconds);

    public static void LiftLimits(OrdersOptions options, IConfiguration configuration)
    {
        if (!configuration.GetValue("RateLimits:Enabled", true))
            options.MaxHeldPerUser = null;
    }

    public TimeSpan PaymentGrace => TimeSpan.FromSeconds(PaymentGraceSeconds);
}
