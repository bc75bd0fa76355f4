using System.Diagnostics.Metrics;
using Ticketing.ServiceDefaults;

namespace Ticketing.Orders;

/// <summary>What became of the orders, counted after the commit by the replica that made it so.</summary>
internal static class OrderMetrics
{
    public static Counter<long> Placed { get; } = Telemetry.Meter.CreateCounter<long>(
        "ticketing.orders.placed", "{order}", "Orders that got their tickets reserved.");

    public static Counter<long> Expired { get; } = Telemetry.Meter.CreateCounter<long>(
        "ticketing.orders.expired", "{order}", "Orders whose hold ran out.");

    public static Counter<long> Cancelled { get; } = Telemetry.Meter.CreateCounter<long>(
        "ticketing.orders.cancelled", "{order}", "Orders that the buyer gave back.");

    public static Counter<long> Completed { get; } = Telemetry.Meter.CreateCounter<long>(
        "ticketing.orders.completed", "{order}", "Orders that were sold.");

    public static Histogram<double> ReleaseLag { get; } = Telemetry.Meter.CreateHistogram<double>(
        "ticketing.orders.hold.release_lag", "s", "How long after its end a hold was released.");
}
